package respond

import (
	"net/url"
	"regexp"
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

// gravity orders verdicts: of several links the gravest is told. A message of ours leads nowhere but
// to us, so that a link to somebody else beside ours, such as the one behind it, makes it foreign.
var gravity = map[string]int{"ours": 1, "cut": 2, "filtered": 3, "unreadable": 4, "open": 5, "foreign": 6}

// judge says where what was pasted leads: a link, or a message with several.
func judge(public, pasted string) judgement {
	ours, err := url.Parse(public)
	if err != nil {
		return judgement{verdict: "unreadable"}
	}
	var gravest judgement
	for _, word := range linksIn(pasted) {
		j := judgement{verdict: "unreadable"}
		if to, ok := readLink(word); ok {
			j = judgeLink(ours, to)
		}
		if gravity[j.verdict] > gravity[gravest.verdict] {
			gravest = j
		}
	}
	return gravest
}

func judgeLink(ours, to *url.URL) judgement {
	inner, ok := behindFilter(to)
	if !ok {
		return judgeURL(ours, to)
	}
	j := judgeURL(ours, inner)
	if j.verdict == "ours" || j.verdict == "cut" {
		j.verdict = "filtered"
	}
	return j
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
			if _, whole := keys.ParseToken(strings.TrimSuffix(token, "/")); !whole {
				j.verdict = "cut"
			}
		}
	case to.Scheme == "http" && ours.Scheme == "https" && (to.Port() == "" || to.Port() == ours.Port()):
		j.verdict = "open"
	}
	return j
}

// around are what people and mail programs put around a link; beforeLink finds a link in them that
// follows something without a space, as where a program shows a link beside the words it is behind.
const around = ".,;:!?()[]{}<>\"'«»‹›„“”‚‘’\u200b\u2060\ufeff\u00ad"

var beforeLink = regexp.MustCompile(`(?i)([<(\[{"'«‹„“])(https?://)`)

// linksIn are the links in what was pasted or, where none has a scheme, its first word.
func linksIn(pasted string) []string {
	if len(pasted) > longestLink {
		pasted = pasted[:longestLink]
		if i := strings.LastIndexFunc(pasted, unicode.IsSpace); i > 0 { // half a link leads elsewhere
			pasted = pasted[:i]
		}
	}
	pasted = strings.ToValidUTF8(pasted, "")
	var links []string
	first := ""
	for word := range strings.FieldsSeq(beforeLink.ReplaceAllString(pasted, "$1 $2")) {
		word = strings.Trim(word, around)
		if first == "" {
			first = word
		}
		if strings.Contains(word, "://") {
			links = append(links, word)
		}
	}
	if links == nil {
		return []string{first}
	}
	return links
}

// readLink reads a link.
func readLink(word string) (*url.URL, bool) {
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

// behindFilter gives the link behind that of a mail filter that rewrites links: Microsoft Safe Links,
// Barracuda, Proofpoint. What any of them may write in two ways is left to it.
func behindFilter(to *url.URL) (*url.URL, bool) {
	host := strings.ToLower(to.Hostname())
	if to.User != nil || to.Scheme != "https" || to.Port() != "" {
		return nil, false
	}
	switch inner, v3 := strings.CutPrefix(to.EscapedPath(), "/v3/__"); {
	case strings.HasSuffix(host, ".safelinks.protection.outlook.com"):
		return readOnly(to, "url")
	case host == "linkprotect.cudasvc.com":
		return readOnly(to, "a")
	case host == "urldefense.com" && v3:
		inner, _, whole := strings.Cut(inner, "__;")
		if !whole || strings.Contains(inner, "*") {
			return nil, false
		}
		return readLink(inner)
	case host == "urldefense.proofpoint.com" && to.Path == "/v2/url":
		inner := to.Query()["u"]
		if len(inner) != 1 {
			return nil, false
		}
		plain, err := url.PathUnescape(strings.NewReplacer("-", "%", "_", "/").Replace(inner[0]))
		if err != nil {
			return nil, false
		}
		return readLink(plain)
	}
	return nil, false
}

// readOnly reads the link that is a value of another one, if it is the only value of that name.
func readOnly(of *url.URL, name string) (*url.URL, bool) {
	found, n := "", 0
	for key, values := range of.Query() {
		if strings.EqualFold(key, name) {
			found, n = values[0], n+len(values)
		}
	}
	if n != 1 {
		return nil, false
	}
	return readLink(found)
}

// port is the port of an address, also where it is the usual one.
func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}
