package views

import "html/template"

// Page is what the frame of every page shows. The struct of a page embeds it.
type Page struct {
	Lang        string
	Title       string
	State       string // data-state of main: open, done, closed, withdrawn, unknown
	Invalid     bool   // the title begins with "Error:"
	Langs       []LangLink
	Contact     template.HTML // who helps, the same on every page of a language
	Product     string
	Synthetic   bool
	Area        string // respond, office, desk: the first part of the template's name
	HomePath    string
	Nav         []NavLink
	NavLabel    string
	SignOutPath string // POST
	Tag         string // of the forms of this page
	Number      string // of the request, on error pages
	AccentPath  string
	LogoPath    string
	Bar         *Bar   // above the page where it is only looked at
	DefaultForm string // id of the form that Enter submits where Langs are buttons of it
}

// Frame gives the page itself, from whatever struct embeds it.
func (p *Page) Frame() *Page { return p }

// LangLink leads to the same page in another language: a link, or a button of
// the form called Form, so that what was typed goes along.
type LangLink struct {
	Lang, Name string
	URL        string
	Form       string
	Current    bool
}

// Bar is a strip above a page that is only looked at, such as the preview of a questionnaire: what
// is shown, what was found, and where to go.
type Bar struct {
	Title    string
	Revision string // of what is shown; StatePath answers with the newest
	StatePath,
	HomePath string
	Links    []NavLink
	Findings []Finding
	Refusals int // how many of Findings are more than notes
}

// Finding is one line of a bar.
type Finding struct {
	Path, Rule, Sentence string
	Warning              bool
}

// NavLink leads to a room's page.
type NavLink struct {
	URL, Name string
	Current   bool
}
