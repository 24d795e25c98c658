package main

import (
	"context"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"

	"rondo/app/desk"
	"rondo/app/nominate"
	"rondo/app/wave"
	"rondo/storage/identity"
)

// list is a list that was read and judged against a wave.
type list struct {
	wave         string
	population   string
	participants []identity.Participant
	verdicts     []nominate.Verdict
}

// readList reads and judges a list of staff, and tells how far it is; it keeps nothing.
func (h *House) readList(ctx context.Context, label, population string, raw []byte, tell desk.Tell) (list, error) {
	tell("read", 0, 0)
	l := list{wave: label, population: population}
	w, err := h.Waves.ByLabel(ctx, label)
	if err != nil {
		return l, err
	}
	offices, err := h.Store.Identity.Participants(ctx, w.ID, "office")
	if err != nil {
		return l, err
	}
	if population == "office" {
		read, verdicts, err := nominate.ReadOffices(raw, func(code string) bool { _, ok := wave.OfficeByCode(code); return ok })
		if err != nil {
			return l, err
		}
		present := map[string]bool{}
		for _, o := range offices {
			present[o.Code] = true
		}
		l.verdicts = nominate.DecideOffices(read, verdicts, present)
		l.participants = nominate.Offices(read)
		return l, nil
	}
	employers, err := h.Store.Identity.Participants(ctx, w.ID, "employer")
	if err != nil {
		return l, err
	}
	nominations, err := h.Store.Identity.Nominations(ctx, w.ID, "")
	if err != nil {
		return l, err
	}
	read, verdicts, err := nominate.ReadEmployers(raw, "")
	if err != nil {
		return l, err
	}
	tell("check", 0, len(read))
	frame := nominate.FrameOf(offices, employers, nominations, false)
	if frame.Stopped, err = h.Waves.Stopped(ctx, addressesOf(read)); err != nil {
		return l, err
	}
	l.verdicts = nominate.Decide(read, verdicts, frame)
	tell("check", len(read), len(read))
	l.participants = nominate.Employers(read, offices)
	return l, nil
}

func addressesOf(list []nominate.Employer) []string {
	all := make([]string, len(list))
	for i, e := range list {
		all[i] = e.Email
	}
	return all
}

// keep brings a good list into its wave, and tells how far it is.
func (l list) keep(ctx context.Context, waves *wave.Service, tell desk.Tell) error {
	all := len(l.participants)
	tell("keep", 0, all)
	if l.population == "office" {
		return waves.AddOffices(ctx, l.wave, l.participants)
	}
	return waves.AddEmployersTelling(ctx, l.wave, l.participants, func(kept int) { tell("keep", kept, all) })
}

// bar shows on a terminal how far a list is, and nothing anywhere else.
type bar struct {
	out  io.Writer // nil: no terminal
	now  *progressbar.ProgressBar
	what string
}

func newBar(out io.Writer) *bar {
	file, ok := out.(*os.File)
	if !ok {
		return &bar{}
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &bar{}
	}
	return &bar{out: file}
}

// doings are what a bar is about.
var doings = map[string]string{"read": "reading", "check": "checking", "keep": "keeping",
	"search": "looking at ways to coarsen", "answers": "protecting the answers", "ways": "comparing ways", "methods": "comparing methods"}

// tell is a desk.Tell.
func (b *bar) tell(doing string, done, all int) {
	if b.out == nil {
		return
	}
	if all == 0 {
		all = -1 // nobody knows: a spinner
	}
	if b.what != doing {
		b.end()
		b.what = doing
		b.now = progressbar.NewOptions(all, progressbar.OptionSetWriter(b.out), progressbar.OptionSetDescription(doings[doing]),
			progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetSpinnerChangeInterval(0)) // else it draws by itself, also after the end
	}
	_ = b.now.Set(done) // a terminal that is gone takes no bar
}

// end clears the line for what is said next.
func (b *bar) end() {
	if b.now != nil {
		_ = b.now.Clear()
		b.now, b.what = nil, ""
	}
}
