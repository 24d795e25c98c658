package main

import (
	"context"
	"fmt"
	"strconv"
	"time"
	_ "time/tzdata" // Swiss time also where no zone files are installed

	"rondo/app/wave"
	"rondo/storage/identity"
)

// OfficesCommand groups what concerns the register of offices.
type OfficesCommand struct {
	List OfficesList `cmd:"" help:"The 26 cantonal offices."`
}

// OfficesList prints the register.
type OfficesList struct{}

// Run is the command.
func (OfficesList) Run(_ context.Context, _ *Config, s Streams) error {
	for _, o := range wave.Offices {
		fmt.Fprintf(s.Out, "%3d  %s  %-5s  %s\n", o.Number, o.Code, join(o.Languages), o.Names[o.Languages[0]])
	}
	return nil
}

// WaveCommand groups what moves a wave.
type WaveCommand struct {
	Create        WaveCreate        `cmd:"" help:"Make a wave in setup."`
	Open          WaveOpen          `cmd:"" help:"Let a population answer; sends nothing."`
	Close         WaveClose         `cmd:"" help:"End the answering of a population; cannot be undone."`
	Status        WaveStatus        `cmd:"" help:"Where a wave stands."`
	Freeze        WaveFreeze        `cmd:"" help:"Make the immutable snapshots of the closed populations."`
	Archive       WaveArchive       `cmd:"" help:"Erase the wave's keys and contact data; cannot be undone."`
	Repeat        WaveRepeat        `cmd:"" help:"Make the next wave from this one."`
	ImportDataset WaveImportDataset `cmd:"" help:"An earlier wave from another tool, for the trend."`
}

// schedule are the dates and questionnaires of a new wave.
type schedule struct {
	RefFrom    int    `required:"" help:"First year of the reference period."`
	RefTo      int    `required:"" help:"Last year of the reference period."`
	Opens      string `required:"" help:"When answering begins: 2026-11-01 or 2026-11-01T08:00."`
	Closes     string `required:"" help:"When answering ends; a day alone means its end."`
	Office     string `help:"Questionnaire of the offices, such as office/2; default: the newest."`
	Employer   string `help:"Questionnaire of the employers."`
	Discussion string `help:"Protocol of the discussions."`
	Rehearsal  bool   `help:"Made-up participants; can never enter a release."`

	HeadReleases bool `help:"The head of each office releases its answers."`
}

// plan reads the dates of a schedule.
func (s schedule) plan(label string) (wave.Plan, error) {
	opens, err := moment(s.Opens, false)
	if err != nil {
		return wave.Plan{}, usage{fmt.Errorf("--opens: %w", err)}
	}
	closes, err := moment(s.Closes, true)
	if err != nil {
		return wave.Plan{}, usage{fmt.Errorf("--closes: %w", err)}
	}
	return wave.Plan{
		Label: label, RefFrom: s.RefFrom, RefTo: s.RefTo, Opens: opens, Closes: closes,
		Office: s.Office, Employer: s.Employer, Discussion: s.Discussion, Rehearsal: s.Rehearsal, HeadReleases: s.HeadReleases,
	}, nil
}

// moment reads a point in time, Swiss time unless it names a zone. A day alone means its
// beginning, or for an end its last second.
func moment(text string, end bool) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	zone, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		return time.Time{}, fmt.Errorf("time zone: %w", err)
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t.UTC(), nil
		}
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return t, fmt.Errorf("%q is no date such as 2026-11-01 or 2026-11-01T08:00", text)
	}
	if end {
		t = t.AddDate(0, 0, 1).Add(-time.Second)
	}
	return t.UTC(), nil
}

// WaveCreate makes a wave.
type WaveCreate struct {
	Label    string `arg:"" help:"Short name, such as 2026."`
	schedule `embed:""`
}

// Run is the command.
func (w WaveCreate) Run(ctx context.Context, c *Config, s Streams) error {
	plan, err := w.plan(w.Label)
	if err != nil {
		return err
	}
	return withStore(ctx, c, func(h *House) error {
		made, err := h.Waves.Create(ctx, plan)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "wave %s is set up\n", made.Label)
		return h.journal(ctx, "wave.create", made.Label, "")
	})
}

// WaveOpen opens a population.
type WaveOpen struct {
	Label      string `arg:"" help:"Label of the wave."`
	Population string `required:"" enum:"office,employer,discussion" help:"office, employer or discussion."`
	Yes        bool   `help:"Do it."`
}

// Run is the command.
func (w WaveOpen) Run(ctx context.Context, c *Config, s Streams) error {
	if err := confirm(w.Yes, "opening fixes the promise, the groups and the questionnaire, and"); err != nil {
		return err
	}
	return withStore(ctx, c, func(h *House) error {
		if err := h.Waves.Open(ctx, w.Label, w.Population); err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "%s of wave %s may answer; nothing was sent\n", w.Population, w.Label)
		return h.journal(ctx, "wave.open", w.Label, w.Population)
	})
}

// WaveClose closes a population.
type WaveClose struct {
	Label      string `arg:"" help:"Label of the wave."`
	Population string `required:"" enum:"office,employer,discussion" help:"office, employer or discussion."`
	Yes        bool   `help:"Do it."`
}

// Run is the command.
func (w WaveClose) Run(ctx context.Context, c *Config, s Streams) error {
	if err := confirm(w.Yes, "closing erases drafts and links, and"); err != nil {
		return err
	}
	return withStore(ctx, c, func(h *House) error {
		if w.Population == "office" {
			n, err := h.Waves.ToRelease(ctx, w.Label)
			if err != nil {
				return err
			}
			if n > 0 {
				fmt.Fprintf(s.Out, "offices whose answers no head has released, which are no responses: %d\n", n)
			}
		}
		if err := h.Waves.Close(ctx, w.Label, w.Population); err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "%s of wave %s is closed\n", w.Population, w.Label)
		return h.journal(ctx, "wave.close", w.Label, w.Population)
	})
}

// WaveStatus prints where a wave stands.
type WaveStatus struct {
	Label string `arg:"" optional:"" help:"Label of the wave; all of them when missing."`
}

// Run is the command.
func (w WaveStatus) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		waves, err := h.Store.Identity.Waves(ctx)
		if err != nil {
			return err
		}
		if w.Label != "" {
			one, err := h.Waves.ByLabel(ctx, w.Label)
			if err != nil {
				return err
			}
			waves = []identity.Wave{one}
		}
		for _, one := range waves {
			if err := h.status(ctx, one, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// status prints one wave: offices by state, employers as floored counts.
func (h *House) status(ctx context.Context, w identity.Wave, s Streams) error {
	mark := ""
	if w.Synthetic {
		mark = "  synthetic"
	}
	fmt.Fprintf(s.Out, "%s  %s  %d-%d%s\n", w.Label, w.State, w.RefFrom, w.RefTo, mark)
	populations, err := h.Store.Identity.Populations(ctx, w.ID)
	if err != nil {
		return err
	}
	for _, p := range populations {
		fmt.Fprintf(s.Out, "  %-11s %-8s %-13s %s to %s", p.Name, p.State, p.Questionnaire, p.Opens.Format(time.DateTime), p.Closes.Format(time.DateTime))
		if err := h.progress(ctx, w, p.Name, s); err != nil {
			return err
		}
		fmt.Fprintln(s.Out)
	}
	return nil
}

func (h *House) progress(ctx context.Context, w identity.Wave, population string, s Streams) error {
	if population == "employer" {
		counts, err := h.Waves.Counts(ctx, w.ID)
		if err == nil && counts.Invited > 0 {
			fmt.Fprintf(s.Out, "  %d invited, at least %d submitted", counts.Invited, counts.Responses)
		}
		return err
	}
	offices, err := h.Waves.Offices(ctx, w.ID, population)
	by := map[string]int{}
	for _, o := range offices {
		by[o.State]++
	}
	if len(offices) > 0 {
		fmt.Fprintf(s.Out, "  %d invited, %d submitted, %d started, %d refused", len(offices), by["submitted"], by["started"], by["refused"])
		if n := by["to_release"]; n > 0 {
			fmt.Fprintf(s.Out, ", %d to release", n)
		}
	}
	return err
}

// WaveFreeze freezes what is closed.
type WaveFreeze struct {
	Label string `arg:"" help:"Label of the wave."`
	Yes   bool   `help:"Do it."`
}

// Run is the command.
func (w WaveFreeze) Run(ctx context.Context, c *Config, s Streams) error {
	if err := confirm(w.Yes, "freezing"); err != nil {
		return err
	}
	return withStore(ctx, c, func(h *House) error {
		one, err := h.Waves.ByLabel(ctx, w.Label)
		if err != nil {
			return err
		}
		populations, err := h.Store.Identity.Populations(ctx, one.ID)
		if err != nil {
			return err
		}
		n := 0
		for _, p := range populations {
			if p.State != "closed" {
				continue
			}
			frozen, err := h.Waves.Freeze(ctx, w.Label, p.Name)
			if err != nil {
				return err
			}
			n++
			fmt.Fprintf(s.Out, "%-11s %4d responses  %s\n", p.Name, frozen.N, frozen.Hash)
		}
		if n == 0 {
			return wave.ErrFrozenNot
		}
		return h.journal(ctx, "wave.freeze", w.Label, "")
	})
}

// WaveArchive erases what must not stay.
type WaveArchive struct {
	Label string `arg:"" help:"Label of the wave."`
	Yes   bool   `help:"Do it."`
}

// Run is the command.
func (w WaveArchive) Run(ctx context.Context, c *Config, s Streams) error {
	if err := confirm(w.Yes, "archiving erases every answer and address of the wave, and"); err != nil {
		return err
	}
	return withStore(ctx, c, func(h *House) error {
		if err := h.Waves.Archive(ctx, w.Label); err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "wave %s is archived; its releases remain\n", w.Label)
		return h.journal(ctx, "wave.archive", w.Label, "")
	})
}

// WaveRepeat makes the next wave; what is not named follows from the wave before.
type WaveRepeat struct {
	Label   string `arg:"" help:"Label of the wave before."`
	As      string `help:"Label of the next wave; default: as many years later as the reference period is long."`
	RefFrom int    `help:"First year of its reference period; default: the year after the one before."`
	RefTo   int    `help:"Last year of its reference period."`
	Opens   string `help:"When answering begins; default: the same day, that many years later."`
	Closes  string `help:"When answering ends."`
	Yes     bool   `help:"Do not ask; nothing here is irreversible."`
}

// Run is the command.
func (w WaveRepeat) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		before, err := h.Waves.ByLabel(ctx, w.Label)
		if err != nil {
			return err
		}
		p, err := h.Store.Identity.Population(ctx, before.ID, "employer")
		if err != nil {
			return err
		}
		plan, err := w.next(before, p)
		if err != nil {
			return err
		}
		made, err := h.Waves.Repeat(ctx, w.Label, plan)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "wave %s is set up after %s: reference period %d-%d, answering %s to %s\n", made.Label, w.Label,
			made.RefFrom, made.RefTo, plan.Opens.Format(time.DateOnly), plan.Closes.Format(time.DateOnly))
		return h.journal(ctx, "wave.repeat", made.Label, w.Label)
	})
}

// next fills in what was not named: everything moves on by the length of the reference period.
func (w WaveRepeat) next(before identity.Wave, p identity.Population) (wave.Plan, error) {
	years := before.RefTo - before.RefFrom + 1
	plan := wave.Plan{
		Label: w.As, RefFrom: w.RefFrom, RefTo: w.RefTo,
		Opens: p.Opens.AddDate(years, 0, 0), Closes: p.Closes.AddDate(years, 0, 0), Rehearsal: before.Rehearsal,
	}
	if plan.Label == "" {
		year, err := strconv.Atoi(before.Label)
		if err != nil {
			return plan, usage{fmt.Errorf("name the next wave with --as: %s is not a year", before.Label)}
		}
		plan.Label = strconv.Itoa(year + years)
	}
	if plan.RefFrom == 0 {
		plan.RefFrom = before.RefTo + 1
	}
	if plan.RefTo == 0 {
		plan.RefTo = plan.RefFrom + years - 1
	}
	for _, date := range []struct {
		text string
		end  bool
		into *time.Time
	}{{w.Opens, false, &plan.Opens}, {w.Closes, true, &plan.Closes}} {
		if date.text == "" {
			continue
		}
		t, err := moment(date.text, date.end)
		if err != nil {
			return plan, usage{err}
		}
		*date.into = t
	}
	return plan, nil
}

// WaveImportDataset is built with the trend.
type WaveImportDataset struct {
	File  string `arg:"" type:"existingfile" help:"CSV of the earlier wave."`
	Map   string `required:"" type:"existingfile" help:"YAML: which column is which variable."`
	Label string `required:"" help:"Label of the earlier wave."`
}

// Run is the command.
func (WaveImportDataset) Run(context.Context, *Config, Streams) error {
	return fmt.Errorf("this version cannot take in datasets of other tools yet; a wave starts with `rondo wave create`")
}

func join(words []string) string {
	text := ""
	for i, w := range words {
		if i > 0 {
			text += " "
		}
		text += w
	}
	return text
}
