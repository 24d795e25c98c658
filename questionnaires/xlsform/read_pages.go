package xlsform

import (
	"strings"

	"rondo/questionnaires"
)

// How groups become pages. A group that XLSForm clients show at once (appearance
// field-list) is a page. What stands outside of such groups, and Collect shows
// question by question while Enketo shows it as one, shares a page with its
// neighbours of the same group: a page begins where a group begins or ends. A
// group within a page is no page; its label becomes a note, its condition one of
// its questions.

// context is where in the tree of groups a row stands.
type context struct {
	above    *context
	group    *item
	title    questionnaires.Text // of the group, until a page has taken it
	inPage   bool
	onPage   []formulaCell // conditions of the groups around the page
	onAnswer []formulaCell // conditions of the groups within the page
}

// formulaCell is a cell that holds an expression.
type formulaCell struct {
	at     cell
	source string
	ours   string // our own words for it, where the workbook was written here
}

// pendingNote is a note that waits for the question or page it belongs to.
type pendingNote struct {
	note questionnaires.Note
	rec  *record
	of   string // rondo_for
}

func (r *reader) layout(items []*item, c *context) {
	for _, it := range items {
		switch {
		case it.kind == "repeat":
			r.skipAll(it)
			r.lost(it.here(), "repeat", "repeated groups have no counterpart; the group %s and all in it is left out", it.name)
		case it.kind != "group":
			r.row(it, c)
		case r.matrixOf(it) || typedRows(it):
			r.question(it, c)
		default:
			r.group(it, c)
		}
	}
}

func (r *reader) skipAll(it *item) {
	it.skip()
	for _, child := range it.children {
		r.skipAll(child)
	}
}

func (r *reader) group(it *item, c *context) {
	inner := &context{above: c, group: it, title: r.say(it.record, "label"), inPage: c.inPage, onPage: c.onPage, onAnswer: c.onAnswer}
	paged := it.says("field-list", "table-list")
	r.appearance(it)
	relevant := r.expression(it, "relevant", "rondo_if")
	switch {
	case c.inPage:
		inner.onAnswer = append(c.onAnswer[:len(c.onAnswer):len(c.onAnswer)], relevant...)
		if inner.title != nil {
			r.pending = append(r.pending, pendingNote{questionnaires.Note{Code: r.noteCode("GROUP_"+it.name, inner.title), Text: inner.title}, it.record, ""})
		}
		r.layout(it.children, inner)
	default:
		r.closePage(c)
		inner.onPage = append(c.onPage[:len(c.onPage):len(c.onPage)], relevant...)
		inner.inPage = paged
		if paged {
			r.openPage(inner)
		}
		r.layout(it.children, inner)
		r.closePage(inner)
	}
}

// openPage begins a page. Its title is the label of the group; the labels of the
// groups around it that no page has taken become notes.
func (r *reader) openPage(c *context) {
	code := "page"
	if c.group != nil {
		code = c.group.name
		if own := c.group.get("rondo_code"); own != "" {
			code = own
		}
	}
	p := &questionnaires.Page{Code: r.pageCodes.free(asPage(code))}
	if c.group != nil && p.Code != code {
		r.changed(c.group.place("name"), "renamed", "the group %q becomes the page %s", code, p.Code)
	}
	p.Title, c.title = c.title, nil
	for at := c.above; at != nil; at = at.above {
		if at.title == nil {
			continue
		}
		if p.Title == nil {
			p.Title = at.title
		} else {
			p.Notes = append(p.Notes, questionnaires.Note{Code: r.noteCode("GROUP_"+at.group.name, at.title), Text: at.title})
		}
		at.title = nil
	}
	if c.group == nil && p.Title == nil && !r.own {
		p.Title = r.q.Title
	}
	r.page = p
	r.q.Pages = append(r.q.Pages, p)
	before, on := r.count, c.onPage
	r.later = append(r.later, func() { p.If = r.condition(on, before, nil) })
	for _, n := range r.pending {
		p.Notes = append(p.Notes, n.note)
	}
	r.pending = nil
}

func asPage(s string) string {
	s = strings.Trim(asCode(s, "page"), "_")
	if s == "" {
		return "page"
	}
	return s
}

// closePage ends the page; notes that wait belong to its last question.
func (r *reader) closePage(c *context) {
	p := r.page
	r.page = nil
	if p == nil || len(r.pending) == 0 {
		return
	}
	if n := len(p.Questions); n > 0 {
		for _, x := range r.pending {
			p.Questions[n-1].Notes = append(p.Questions[n-1].Notes, x.note)
			r.changed(x.rec.here(), "note_moved", "the note stood after the last question of its page; it is shown with that question")
		}
	} else {
		for _, x := range r.pending {
			p.Notes = append(p.Notes, x.note)
		}
	}
	r.pending = nil
}

// row takes a row that is no group.
func (r *reader) row(it *item, c *context) {
	switch it.kind {
	case "calculate":
		r.calculates = append(r.calculates, it)
		if len(c.onPage)+len(c.onAnswer) > 0 {
			r.changed(it.here(), "calculation", "it is calculated whether or not its group is asked")
		}
		return
	case "note":
		r.note(it, c)
		return
	}
	r.question(it, c)
}

func (r *reader) ensurePage(c *context) *questionnaires.Page {
	if r.page == nil {
		r.openPage(c)
	}
	return r.page
}

// noteCode gives a code to the words of a note: the same words keep the same
// code, others get another.
func (r *reader) noteCode(name string, t questionnaires.Text) string {
	code := name
	if !r.own {
		code = strings.ToUpper(asRow(name))
	}
	known, ok := r.noteTexts[code]
	if ok && !sameWords(known, t) {
		code = r.noteCodes.free(code)
	} else {
		r.noteCodes[code] = max(r.noteCodes[code], 1)
	}
	r.noteTexts[code] = t
	return code
}

func sameWords(a, b questionnaires.Text) bool {
	if len(a) != len(b) {
		return false
	}
	for lang, words := range a {
		if b[lang] != words {
			return false
		}
	}
	return true
}

// note takes a note: words about the next question or the page; where it has a
// condition, a warning.
func (r *reader) note(it *item, c *context) {
	t := r.say(it.record, "label")
	r.appearance(it)
	switch kind := it.peek("rondo_kind"); {
	case r.own && kind == "intro":
		it.get("rondo_kind")
		r.q.Intro = t
		return
	case r.own && kind == "header":
		it.get("rondo_kind")
		r.q.Header = t
		return
	}
	if it.peek("relevant") != "" || len(c.onAnswer) > 0 {
		r.check(it, c, t)
		return
	}
	name := it.name
	if own := it.get("rondo_code"); own != "" {
		name = own
	}
	if len(t) == 0 && !r.own {
		r.lost(it.here(), "empty_note", "the note has no words")
		return
	}
	n := questionnaires.Note{Code: r.noteCode(name, t), Text: t}
	of := it.get("rondo_for")
	switch {
	case r.page == nil && c.group == nil && len(r.q.Pages) == 0:
		r.q.Notes = append(r.q.Notes, n)
	case r.page != nil && len(r.page.Questions) == 0 && of == "":
		r.page.Notes = append(r.page.Notes, n)
	default:
		r.pending = append(r.pending, pendingNote{n, it.record, of})
	}
}
