package respond

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/idna"

	"rondo/app/i18n"
	"rondo/app/web"
	"rondo/storage/keys"
)

// checkPage is templates/respond/check.html.
type checkPage struct {
	web.Page
	Ours    string // where our links lead: https://survey.example.ch
	Typed   string
	Verdict string // see judgement; "" before anything was asked
	Host    string // where the link really leads
	Good    bool   // it may be opened
	Strange bool   // Host holds letters that look like others
}

// longestLink is how much of what was pasted is looked at, in bytes; filters of mails make long links.
const longestLink = 4096

// AskCheck says how to recognise our links, and takes one to be checked.
func (r *Room) AskCheck(c *fiber.Ctx) error { return r.showCheck(c, "", judgement{}) }

// Check says where a link leads. It reads the address and looks nothing up: whether a personal link
// is valid, used or somebody's is not said, so that nobody can find one out here. Nothing is kept,
// and the link comes in the body, where no log holds it.
func (r *Room) Check(c *fiber.Ctx) error {
	typed := web.ReadForm(c).First("link")
	return r.showCheck(c, typed, judge(r.kit.PublicURL(), typed))
}

func (r *Room) showCheck(c *fiber.Ctx, typed string, j judgement) error {
	p := &checkPage{Ours: r.kit.PublicURL(), Typed: strings.TrimSpace(typed[:min(len(typed), longestLink)]), Verdict: j.verdict, Host: j.host, Strange: j.strange,
		Good: j.verdict == "ours" || j.verdict == "filtered"}
	p.Title, p.State = i18n.T(web.Language(c), "respond.check.title", nil), "unknown"
	status := fiber.StatusOK
	if p.Verdict == "unreadable" {
		status, p.Invalid = fiber.StatusUnprocessableEntity, true
	}
	return r.kit.Show(c, status, "respond/check", p)
}

// judgement is what a link is found to be: ours (it leads to this service), cut (so does it, but a
// part of the personal link is missing), filtered (a mail filter stands before our link), open (our
// address without encryption: none of our messages holds such a link), foreign, or unreadable.
type judgement struct {
	verdict, host string
	strange       bool
}

// judge says where a pasted link leads. Whoever pastes a whole message has its first link judged.
func judge(public, pasted string) judgement {
	to, ok := readLink(pasted)
	ours, err := url.Parse(public)
	if !ok || err != nil {
		return judgement{verdict: "unreadable"}
	}
	if inner, ok := behindFilter(to); ok {
		j := judgeURL(ours, inner)
		if j.verdict == "ours" || j.verdict == "cut" {
			j.verdict = "filtered"
		}
		return j
	}
	return judgeURL(ours, to)
}

func judgeURL(ours, to *url.URL) judgement {
	host := strings.ToLower(to.Hostname())
	j := judgement{verdict: "foreign", host: host}
	if ascii, err := idna.Punycode.ToASCII(host); err == nil && ascii != host || strings.Contains(host, "xn--") || strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }) {
		j.strange = true
		if err == nil {
			j.host = ascii
		}
	}
	same := host == strings.ToLower(ours.Hostname()) && to.User == nil
	switch {
	case !same:
	case port(to) == port(ours) && to.Scheme == ours.Scheme:
		j.verdict = "ours"
		if token, personal := strings.CutPrefix(to.Path, "/r/"); personal {
			if _, whole := keys.ParseToken(token); !whole {
				j.verdict = "cut"
			}
		}
	case to.Scheme == "http" && ours.Scheme == "https" && (to.Port() == "" || to.Port() == ours.Port()):
		j.verdict = "open"
	}
	return j
}

// readLink finds the link in what was pasted.
func readLink(pasted string) (*url.URL, bool) {
	pasted = strings.ToValidUTF8(pasted[:min(len(pasted), longestLink)], "")
	word := ""
	for w := range strings.FieldsSeq(pasted) {
		w = strings.Trim(w, `.,;:!?()[]{}<>"'«»`)
		if word == "" {
			word = w
		}
		if strings.Contains(w, "://") {
			word = w
			break
		}
	}
	if !strings.Contains(word, "://") {
		word = "https://" + word
	}
	if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsControl(r) || r == '\\' }) {
		return nil, false // browsers read a backslash as a slash, programs do not: that is a trick
	}
	to, err := url.Parse(word)
	if err != nil || to.Scheme != "http" && to.Scheme != "https" || !strings.Contains(to.Hostname(), ".") && to.Hostname() != "localhost" {
		return nil, false
	}
	return to, true
}

// behindFilter gives the link behind that of a mail filter that rewrites links (Microsoft Safe Links).
func behindFilter(to *url.URL) (*url.URL, bool) {
	if !strings.HasSuffix(strings.ToLower(to.Hostname()), ".safelinks.protection.outlook.com") || to.User != nil || to.Scheme != "https" {
		return nil, false
	}
	return readLink(to.Query().Get("url"))
}

// port is the port of an address, also where it is the usual one.
func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}
