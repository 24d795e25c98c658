package outbox

import (
	"context"
	"fmt"
	"io"

	"rondo/app/i18n"
	"rondo/app/views"
	"rondo/storage/identity"
)

// onPaper is the invitation of one participant on paper.
type onPaper struct {
	Name, Subject string
	Blocks        []Block
	Link          string
	Code          views.QR
	Synthetic     bool
}

// Letters writes the invitation of every participant of a population that only accepts, one on each
// sheet, as a page to be printed: in the words of the wave and the participant's language, with the
// link and a code that leads to it. It says how many there are. Whoever has the page can answer for
// everybody on it.
func (o *Outbox) Letters(ctx context.Context, w identity.Wave, population string, only func(identity.Participant) bool, out io.Writer) (int, error) {
	pop, err := o.Identity.Population(ctx, w.ID, population)
	if err != nil {
		return 0, err
	}
	if pop.LinkSalt == nil {
		return 0, errNoLink
	}
	all, err := o.Identity.Participants(ctx, w.ID, population)
	if err != nil {
		return 0, err
	}
	offices, err := o.Identity.Participants(ctx, w.ID, "office")
	if err != nil {
		return 0, err
	}
	byID := map[string]*identity.Participant{}
	for i := range offices {
		byID[offices[i].ID] = &offices[i]
	}
	own, err := o.texts(ctx, w.ID)
	if err != nil {
		return 0, err
	}
	if err := views.BeginLetters(out, i18n.Default, w.Label); err != nil {
		return 0, err
	}
	n := 0
	for _, p := range all {
		if !only(p) {
			continue
		}
		n++
		if err := o.letter(identity.Entry{Participant: p, Population: pop, Wave: w, Office: byID[p.OfficeID]}, own, out); err != nil {
			return n, err
		}
	}
	return n, views.Render(out, i18n.Default, "letter/end", nil)
}

// letter writes one sheet.
func (o *Outbox) letter(e identity.Entry, own texts, out io.Writer) error {
	lang := e.Participant.Language
	if !i18n.Known(lang) {
		lang = i18n.Default
	}
	l := onPaper{Name: nameIn(e.Participant, lang), Synthetic: e.Wave.Synthetic}
	var known bool
	if l.Link, known = o.Link(e); !known {
		return errNoLink
	}
	var err error
	if l.Code, err = views.NewQR(l.Link); err != nil {
		return err
	}
	subject, text, err := words(lang, "invitation", o.args(e, lang, l.Link, ""), e, sheet{link: l.Link, own: own, paper: true})
	if err != nil {
		return fmt.Errorf("letter: %w", err)
	}
	l.Subject, l.Blocks = subject, blocksOf(text)
	return views.Render(out, lang, "letter/sheet", l)
}
