package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rondo/app/i18n"
	"rondo/app/mail"
	"rondo/app/outbox"
	"rondo/storage/identity"
)

// MailCommand groups what concerns messages; only `rondo serve` hands them over.
type MailCommand struct {
	Plan   MailPlan   `cmd:"" help:"What queueing would add; renders every message and queues nothing."`
	Send   MailSend   `cmd:"" help:"Queue what is due; may be repeated, nobody gets anything twice."`
	Status MailStatus `cmd:"" help:"Messages by kind and state."`
	Pause  MailPause  `cmd:"" help:"Stop the sending of a wave within seconds."`
	Resume MailResume `cmd:"" help:"Let the sending go on."`
	Bounce MailBounce `cmd:"" help:"Take in a message that came back, from standard input."`
}

// ofWave are the flags of most mail commands.
type ofWave struct {
	Wave       string `required:"" help:"Label of the wave."`
	Kind       string `default:"invitation" enum:"invitation,reminder,thanks,results" help:"invitation, reminder, thanks or results."`
	Population string `default:"" enum:",office,employer" help:"Only one population."`
}

// each calls do for every population the command is about.
func (o ofWave) each(do func(population string) error) error {
	populations := []string{"office", "employer"}
	if o.Population != "" {
		populations = []string{o.Population}
	}
	for _, p := range populations {
		if err := do(p); err != nil {
			return err
		}
	}
	return nil
}

// MailPlan says what would be queued.
type MailPlan struct {
	ofWave `embed:""`
}

// Run is the command.
func (m MailPlan) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		w, err := h.Waves.ByLabel(ctx, m.Wave)
		if err != nil {
			return err
		}
		faulty := false
		err = m.each(func(population string) error {
			p, err := h.Outbox.Plan(ctx, w, population, m.Kind)
			if err != nil {
				return err
			}
			faulty = faulty || len(p.Faults) > 0
			tell(s, p.Told(), c.MailRate)
			return nil
		})
		if err != nil {
			return err
		}
		if err := h.ahead(ctx, w, m.Population, s); err != nil || !faulty {
			return err
		}
		return errDryRun
	})
}

// errDryRun says that the dry run found a fault.
var errDryRun = errors.New("at least one message would be wrong: as long as it is, nothing is queued")

// states say where an entry of a schedule stands.
var states = map[string]string{"ahead": "to come", "due": "may be sent now", "faulty": "held back by a fault", "done": "over", "waits": "waits for its time", "outside": "falls out of the window"}

// ahead says what goes out when.
func (h *House) ahead(ctx context.Context, w identity.Wave, population string, s Streams) error {
	all, err := h.Outbox.Forecast(ctx, w)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.Out, "schedule (Swiss time):")
	for _, l := range all {
		if population != "" && l.Population != population {
			continue
		}
		day, how := "-", "by hand"
		if !l.Due.IsZero() {
			day = i18n.Minute(l.Due)
		}
		if l.Automatic {
			how = "automatic"
		}
		n := amount(l.N, l.Floored)
		if l.AtMost {
			n = "at most " + n
		}
		fmt.Fprintf(s.Out, "  %-16s  %-8s %-10s  %-9s  %s, %s\n", day, l.Population, outbox.EntryName(l.Kind, l.Number), how, states[l.State], n)
	}
	return nil
}

// blocks are why nothing may be queued.
var blocks = map[string]string{
	"not_open": "its window is not open", "ended": "its window has ended", "not_closed": "it is not closed yet",
	"not_released": "no release is approved yet", "no_one": "nobody is on the list",
}

// amount is a number in words; a floored one stands for up to four more.
func amount(n int, floored bool) string {
	switch {
	case !floored:
		return strconv.Itoa(n)
	case n == 0:
		return "fewer than 5"
	}
	return fmt.Sprintf("at least %d", n)
}

// tell says what a plan comes to; p is as told.
func tell(s Streams, p outbox.Plan, rate float64) {
	if p.Blocked != "" {
		fmt.Fprintf(s.Out, "%-9s %s: nothing, because %s\n", p.Population, p.Kind, blocks[p.Blocked])
		return
	}
	if p.Floored {
		fmt.Fprintf(s.Out, "%-9s %s: %s to queue\n", p.Population, p.Kind, amount(p.Queue, true))
		tellFaults(s, p.Faults)
		return
	}
	fmt.Fprintf(s.Out, "%-9s %s: %d to queue (%s at %g a second), %d have theirs, %d want none, %d without a usable address\n",
		p.Population, p.Kind, p.Queue, p.Forecast(rate).Round(time.Second), rate, p.Already, p.Suppressed, p.Unreachable)
	tellFaults(s, p.Faults)
}

// tellFaults says what the dry run found, and in whose message where it is not in the words of all.
func tellFaults(s Streams, faults []outbox.Fault) {
	for _, f := range faults {
		whose := ""
		if f.Participant != "" {
			whose = "message to " + f.Participant + ": "
		}
		fmt.Fprintf(s.Out, "  fault: %s%s\n", whose, f.Rule)
	}
}

// MailSend queues what is due.
type MailSend struct {
	ofWave `embed:""`
	Wait   bool `help:"Wait until everything queued has been handed over."`
}

// Run is the command.
func (m MailSend) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		w, err := h.Waves.ByLabel(ctx, m.Wave)
		if err != nil {
			return err
		}
		added, floored := 0, false
		err = m.each(func(population string) error {
			n, plan, err := h.queue(ctx, w, population, m.Kind)
			if err == nil || errors.Is(err, outbox.ErrFaulty) {
				tell(s, plan.Told(), c.MailRate)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", population, err)
			}
			told, down := outbox.Told(population, m.Kind, n)
			added, floored = added+told, floored || (down && plan.Blocked == "")
			return nil
		})
		if err == nil || added > 0 || floored { // also where only the other population was refused
			err = errors.Join(err, h.journal(ctx, "mail.queue", m.Wave, m.Kind+" "+amount(added, floored)))
			fmt.Fprintf(s.Out, "%s messages queued\n", amount(added, floored))
		}
		if err != nil || !m.Wait {
			return err
		}
		return h.wait(ctx, w, s)
	})
}

// errPaused says that waiting would never end.
var errPaused = errors.New("the sending of this wave is paused: `rondo mail resume` lets it go on")

// wait follows the queue of a wave until it is empty, or until somebody pauses it. While there is
// something in it that must not be counted, whoever queued it, it says no number.
func (h *House) wait(ctx context.Context, w identity.Wave, s Streams) error {
	waiting, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	last := ""
	err := h.Outbox.Wait(waiting, w.ID, func(pending, retry int, countable bool) {
		said := "waiting until everything is handed over"
		if countable {
			said = fmt.Sprintf("%d waiting, %d of them for another try", pending, retry)
		}
		if said != last {
			fmt.Fprintln(s.Err, said)
			last = said
		}
		if now, err := h.Store.Identity.WaveByID(ctx, w.ID); err == nil && now.MailPaused && pending > 0 {
			stop(errPaused)
		}
	})
	if cause := context.Cause(waiting); errors.Is(cause, errPaused) {
		return cause
	}
	return err
}

// MailStatus counts messages.
type MailStatus struct {
	Wave string `required:"" help:"Label of the wave."`
}

// Run is the command.
func (m MailStatus) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		w, err := h.Waves.ByLabel(ctx, m.Wave)
		if err != nil {
			return err
		}
		state, err := h.Outbox.State(ctx, w)
		if err != nil {
			return err
		}
		if state.Paused {
			fmt.Fprintln(s.Out, "paused")
		}
		for _, n := range state.Counts {
			fmt.Fprintf(s.Out, "%-9s %-10s %-12s %s\n", n.Population, n.Kind, n.State, amount(n.N, n.Floored))
		}
		for _, t := range state.Trouble {
			line := []string{"to settle:", t.Population, t.Kind, t.State, t.Email, t.Code}
			line = slices.DeleteFunc(line, func(part string) bool { return part == "" }) // no address where it would say who answered
			fmt.Fprintln(s.Out, strings.Join(line, " "))
		}
		return nil
	})
}

// MailPause stops sending.
type MailPause struct {
	Wave string `required:"" help:"Label of the wave."`
}

// Run is the command.
func (m MailPause) Run(ctx context.Context, c *Config, s Streams) error {
	return pause(ctx, c, s, m.Wave, true)
}

// MailResume lets sending go on.
type MailResume struct {
	Wave string `required:"" help:"Label of the wave."`
}

// Run is the command.
func (m MailResume) Run(ctx context.Context, c *Config, s Streams) error {
	return pause(ctx, c, s, m.Wave, false)
}

func pause(ctx context.Context, c *Config, s Streams, label string, paused bool) error {
	return withStore(ctx, c, func(h *House) error {
		w, err := h.Waves.ByLabel(ctx, label)
		if err != nil {
			return err
		}
		if err := h.Store.Identity.SetMailPaused(ctx, w.ID, paused); err != nil {
			return err
		}
		action := map[bool]string{true: "mail.pause", false: "mail.resume"}[paused]
		fmt.Fprintf(s.Out, "%s: wave %s\n", action, label)
		return h.journal(ctx, action, label, "")
	})
}

// MailBounce takes in a bounce.
type MailBounce struct{}

// Run is the command.
func (MailBounce) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		back, err := h.Outbox.Bounce(ctx, s.In)
		if errors.Is(err, mail.ErrReturn) {
			return errors.New("this is no message that came back")
		} else if err != nil {
			return err
		}
		if !back.Known {
			return errors.New("this belongs to no message of ours")
		}
		if back.Class == mail.Unclear { // whoever gave it to us must not take it for read
			return errors.New("this is no report of a machine, or a complaint: nothing is noted, and a person must read it")
		}
		fmt.Fprintf(s.Out, "%s %s\n", back.Class, back.Code)
		return nil
	})
}
