package questionnaires

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const instrumentsPath = "../../shared/study/instruments.md"

// instrument is one questionnaire as the study's own document gives it.
type instrument struct {
	title, intro Text
	pages        []Text
	questions    []*item
}

// item is one question as the document gives it.
type item struct {
	code, page, kind, role string
	pageIf                 string
	required, fresh        bool
	shuffle                bool
	label                  Text
	tables                 map[string][]labelled // by head of the first column: code, row, value
}

type labelled struct {
	Code  string
	Label Text
}

// document is the whole of the study's document, as far as it is words.
type document struct {
	notes       map[string]Text
	scales      map[string][]labelled
	outside     map[string]Text
	instruments map[string]*instrument
}

func instrumentLines(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(instrumentsPath)
	if os.IsNotExist(err) {
		_, missing := os.Stat("../../shared")
		if missing == nil && os.Getenv("CI") == "true" {
			t.Fatalf("../shared is here, but %s is not", instrumentsPath)
		}
		t.Skipf("%s is not here: the words are not compared with the study's document", instrumentsPath)
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(data), "\n")
}

func cells(line string) []string {
	var out []string
	for _, c := range strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|") {
		out = append(out, strings.TrimSpace(c))
	}
	return out
}

func textOf(words []string) Text {
	out := Text{}
	for i, lang := range Languages {
		out[lang] = words[i]
	}
	return out
}

// readDocument reads the document line by line; it knows nothing of definitions.
func readDocument(lines []string) *document {
	d := &document{notes: map[string]Text{}, scales: map[string][]labelled{}, outside: map[string]Text{}, instruments: map[string]*instrument{}}
	var now *instrument
	var q *item
	var page, pageIf, scale, head string
	for _, line := range lines {
		switch {
		case strings.HasPrefix(line, "# Panel"):
			return d
		case strings.HasPrefix(line, "# ("):
			now = &instrument{title: Text{}, intro: Text{}}
			q = nil
			d.instruments[regexp.MustCompile("code `(\\w+)`").FindStringSubmatch(line)[1]] = now
		case strings.HasPrefix(line, "## Page"):
			rest := strings.TrimPrefix(line, "## Page ")
			code, titles, _ := strings.Cut(rest, " — ")
			page, pageIf, q = code, "", nil
			now.pages = append(now.pages, textOf(strings.Split(titles, " / ")))
		case strings.HasPrefix(line, "Whole page: ask if "):
			pageIf = strings.TrimPrefix(line, "Whole page: ask if ")
		case strings.HasPrefix(line, "### ") && now != nil:
			q = &item{code: strings.TrimSpace(line[4:]), page: page, pageIf: pageIf, label: Text{}, tables: map[string][]labelled{}}
			now.questions = append(now.questions, q)
		case strings.HasPrefix(line, "- **Title**: "):
			for _, part := range strings.Split(strings.TrimPrefix(line, "- **Title**: "), " · ") {
				now.title[part[:2]] = part[3:]
			}
		case strings.HasPrefix(line, "**") && now == nil:
			scale = strings.Split(line, "**")[1]
			if scale == "YN" {
				d.yesNo(line)
			}
		case strings.HasPrefix(line, "|---"):
		case strings.HasPrefix(line, "|"):
			c := cells(line)
			if c[1] == "de" {
				head = c[0]
				continue
			}
			d.row(q, scale, head, c)
		case now != nil && q == nil && regexp.MustCompile(`^  - (de|fr|it|en): `).MatchString(line):
			now.intro[line[4:6]] = line[8:]
		case q != nil && strings.HasPrefix(line, "- "):
			q.line(line[2:])
		}
	}
	return d
}

func (d *document) yesNo(line string) {
	_, list, _ := strings.Cut(line, ": ")
	for _, part := range strings.Split(strings.TrimSuffix(list, "."), "; ") {
		code, words, _ := strings.Cut(part, " ")
		d.scales["YN"] = append(d.scales["YN"], labelled{code, textOf(strings.Split(words, " / "))})
	}
}

func (d *document) row(q *item, scale, head string, c []string) {
	switch {
	case q != nil:
		q.tables[head] = append(q.tables[head], labelled{c[0], textOf(c[1:])})
	case head == "value":
		d.scales[scale] = append(d.scales[scale], labelled{c[0], textOf(c[1:])})
	case strings.HasPrefix(head, "name"):
		name, _, _ := strings.Cut(c[0], " ")
		d.outside[name] = textOf(c[1:])
	case len(c[0]) == 2:
		d.scales["CANTON"] = append(d.scales["CANTON"], labelled{c[0], textOf(c[1:])})
	default:
		d.notes[c[0]] = textOf(c[1:])
	}
}

func (q *item) line(s string) {
	key, rest, _ := strings.Cut(s, ": ")
	switch key {
	case "type":
		q.kind = rest
		q.required = strings.Contains(rest, "required: yes")
		q.fresh = regexp.MustCompile(`; new\b`).MatchString(rest)
	case "role":
		q.role = rest
	case "shuffle":
		q.shuffle = strings.HasPrefix(rest, "yes")
	case "de", "fr", "it", "en":
		q.label[key] = rest
	}
}

// expected gives the options and rows the document means for a question.
func (d *document) expected(q *item, all []*item) (options, rows []labelled) {
	options, rows = q.tables["code"], q.tables["row"]
	if own := q.tables["value"]; own != nil {
		options = own
	}
	if m := regexp.MustCompile(`^(?:single|matrix) ([A-Z]+\d)(?: \+ (\w+))?`).FindStringSubmatch(q.kind); m != nil {
		options = d.with(d.scales[m[1]], m[2])
	}
	if m := regexp.MustCompile(`list CANTON(?: \+ (\w+))?`).FindStringSubmatch(q.kind); m != nil {
		options = d.with(d.scales["CANTON"], m[1])
	}
	if strings.HasPrefix(q.kind, "yesno") {
		options = d.scales["YN"]
		if strings.Contains(q.kind, `without "don't know"`) {
			options = options[:2]
		}
	}
	if q.code == "g_type_examples" {
		for _, x := range all {
			if x.code == "g_type_evidence" {
				rows = x.tables["row"]
			}
		}
	}
	return options, rows
}

func (d *document) with(scale []labelled, name string) []labelled {
	if name == "" {
		return scale
	}
	code := "90"
	if name == "PNS" {
		code = "94"
	}
	return append(append([]labelled(nil), scale...), labelled{code, d.outside[name]})
}

func TestBuiltinsAreWordForWordThoseOfTheStudy(t *testing.T) {
	d := readDocument(instrumentLines(t))
	if len(d.instruments) != 3 || len(d.scales) != 13 || len(d.outside) != 5 {
		t.Fatalf("read %d instruments, %d scales, %d answers outside them", len(d.instruments), len(d.scales), len(d.outside))
	}
	for _, q := range Builtins() {
		want := d.instruments[q.Key]
		same(t, q.Ref()+" title", q.Title, want.title)
		if len(want.intro) > 0 || len(q.Intro) > 0 {
			same(t, q.Ref()+" intro", q.Intro, want.intro)
		}
		for i, p := range q.Pages {
			same(t, q.Ref()+" "+p.Code, p.Title, want.pages[i])
			for _, n := range p.Notes {
				same(t, q.Ref()+" "+n.Code, n.Text, d.notes[n.Code])
			}
		}
		for _, n := range q.Notes {
			same(t, q.Ref()+" "+n.Code, n.Text, d.notes[n.Code])
		}
		var items []*item
		for _, x := range want.questions {
			if q.Version >= 2 || !x.fresh {
				items = append(items, x)
			}
		}
		if len(items) != len(q.questions) {
			t.Fatalf("%s has %d questions, the document %d", q.Ref(), len(q.questions), len(items))
		}
		for i, x := range items {
			d.compare(t, q, q.questions[i], x, want.questions)
		}
	}
}

func (d *document) compare(t *testing.T, q *Questionnaire, qu *Question, x *item, all []*item) {
	t.Helper()
	place := q.Ref() + " " + x.code
	options, rows := d.expected(x, all)
	same(t, place+" code", qu.Code, x.code)
	same(t, place+" page", q.pageOf(qu).Code, x.page)
	same(t, place+" label", qu.Label, x.label)
	same(t, place+" role", string(qu.Role), x.role)
	same(t, place+" required", qu.Required, x.required)
	same(t, place+" shuffle", qu.Shuffle, x.shuffle)
	var gotOptions, gotRows []labelled
	for _, o := range qu.Options {
		gotOptions = append(gotOptions, labelled{o.Code, o.Label})
	}
	for _, r := range qu.Rows {
		gotRows = append(gotRows, labelled{r.Code, r.Label})
	}
	same(t, place+" options", gotOptions, options)
	same(t, place+" rows", gotRows, rows)
	if got, want := len(qu.Notes) == 1, strings.Contains(x.kind, "show NOTICE_TEXT"); got != want {
		t.Errorf("%s shows NOTICE_TEXT: %v, the document says %v", place, got, want)
	}
	for _, n := range qu.Notes {
		same(t, place+" "+n.Code, n.Text, d.notes[n.Code])
	}
	same(t, place+" condition", bare(qu.If.text()), x.condition())
	same(t, place+" condition of the page", bare(q.pageOf(qu).If.text()), bare(x.pageIf))
	same(t, place+" kind and limits", describe(qu), x.limits())
}

// bare strips a condition of what the document and the definitions write differently.
func bare(condition string) string {
	return strings.NewReplacer(`"`, "", "[", "", "]", "", "(", "", ")", "", "==", "=").Replace(condition)
}

// condition gives when a question is asked, as the definitions would say it.
func (q *item) condition() string {
	m := regexp.MustCompile(`ask if (\w+ (?:in|has any of) \([^)]*\)|\w+ = \w+)`).FindStringSubmatch(q.kind)
	if m == nil {
		return ""
	}
	name, list, any := strings.Cut(m[1], " has any of ")
	if !any {
		return bare(m[1])
	}
	var parts []string
	for _, c := range strings.Split(strings.Trim(list, "()"), ", ") {
		parts = append(parts, c+" in "+name)
	}
	return strings.Join(parts, " or ")
}

// limits gives kind and limits of a question in the form of describe.
func (q *item) limits() string {
	head, rest, _ := strings.Cut(q.kind, ";")
	kind := regexp.MustCompile(`^(integer per row|text per row|\w+)`).FindString(head)
	kind = map[string]string{"integer per row": "numbers", "text per row": "texts"}[kind] + strings.TrimSuffix(kind, " per row")
	kind = strings.NewReplacer("numbersinteger", "numbers", "textstext", "texts").Replace(kind)
	out := kind
	first := func(pattern, name, in string) {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(in); m != nil {
			out += ", " + name + " " + strings.ReplaceAll(m[1], ",", "")
		}
	}
	both := q.kind
	if kind != "ranking" && kind != "single" && kind != "multi" {
		first(`\((\d+)-\d+`, "min", head)
		first(`\(\d+-(\d+)`, "max", head)
		first(`sum = (\d+)`, "sum", both)
		first(`sum at least (\d+)`, "sum at least", both)
		if strings.Contains(head, "one digit") {
			out += ", decimals 1"
		}
		first(`max ([\d,]+\d)`, "characters", head)
	}
	first(`top (\d)`, "top", head)
	for mark, name := range map[string]string{"not in the future": "not future", "Pre-filled": "prefilled", "filled in by the service": "proposed", "only offices of the wave": "offices of the wave"} {
		if strings.Contains(head+rest, mark) {
			out += ", " + name
		}
	}
	return out
}

func describe(qu *Question) string {
	return strings.TrimSuffix(string(qu.Kind)+", "+qu.limits(), ", ")
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-document +definition):\n%s", what, diff)
	}
}
