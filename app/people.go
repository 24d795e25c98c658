package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"

	"rondo/app/auth"
	"rondo/app/mail"
	"rondo/app/nominate"
	"rondo/exports/formats"
	"rondo/storage/identity"
)

// ParticipantsCommand groups who is invited.
type ParticipantsCommand struct {
	Import ParticipantsImport `cmd:"" help:"Bring a list of offices or employers into a wave, all or nothing."`
}

// ParticipantsImport reads a list.
type ParticipantsImport struct {
	File       string `arg:"" type:"existingfile" help:"CSV or XLSX."`
	Wave       string `required:"" help:"Label of the wave."`
	Population string `required:"" enum:"office,employer" help:"office or employer."`
	DryRun     bool   `help:"Say what would happen and keep nothing."`
}

// maxList is how large a list may be, in bytes.
const maxList = 8 << 20

// Run is the command.
func (p ParticipantsImport) Run(ctx context.Context, c *Config, s Streams) error {
	info, err := os.Stat(p.File)
	if err != nil {
		return err
	}
	if info.Size() > maxList {
		return fmt.Errorf("%s is larger than %d MB", p.File, maxList>>20)
	}
	raw, err := os.ReadFile(p.File)
	if err != nil {
		return err
	}
	return withStore(ctx, c, func(h *House) error {
		bar := newBar(s.Err)
		defer bar.end()
		list, err := h.readList(ctx, p.Wave, p.Population, raw, bar.tell)
		if text, ok := nominate.FileSentence(err, "en"); ok {
			return errors.New(text)
		} else if err != nil {
			return err
		}
		bar.end()
		bad := 0
		for _, v := range list.verdicts {
			if len(v.Problems) > 0 {
				fmt.Fprintf(s.Out, "line %d  %s  %s\n", v.Line, v.Name, v.Sentence("en"))
			}
			if !v.Good() {
				bad++
			}
		}
		switch {
		case bad > 0:
			return fmt.Errorf("%d of %d lines cannot be taken; nothing was kept", bad, len(list.verdicts))
		case p.DryRun:
			fmt.Fprintf(s.Out, "%d lines would be taken\n", len(list.verdicts))
			return nil
		}
		if err := list.keep(ctx, h.Waves, bar.tell); err != nil {
			return err
		}
		bar.end()
		fmt.Fprintf(s.Out, "%d taken into wave %s\n", len(list.verdicts), p.Wave)
		return h.journal(ctx, "participants.import", p.Wave, fmt.Sprintf("%s %d", p.Population, len(list.verdicts)))
	})
}

// LinksCommand prints personal links, for letters.
type LinksCommand struct {
	Wave       string `required:"" help:"Label of the wave."`
	Population string `required:"" enum:"office,employer" help:"office or employer."`
	Letters    string `help:"Write letters to print into this HTML file instead, one sheet each, with the link and a QR code."`
	Returned   bool   `help:"Only those whose messages came back."`
	Colleagues bool   `help:"Also where somebody handed over: the link is their colleague's, who has it by e-mail."`
}

// wanted says whose link is asked for. Where a colleague answers the link is theirs: a letter to the firm
// would give it, and the draft behind it, to somebody else. Only where no message reaches them either
// there is no other way.
func (l LinksCommand) wanted(p identity.Participant, theirs *int) bool {
	switch {
	case p.State == "undeliverable":
		return true
	case l.Returned:
		return false
	case p.Colleague != "" && !l.Colleagues:
		*theirs++
		return false
	}
	return true
}

// Run is the command.
func (l LinksCommand) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		w, err := h.Waves.ByLabel(ctx, l.Wave)
		if err != nil {
			return err
		}
		// The journal first: a link that was shown is always on record.
		if err := h.journal(ctx, "links", l.Wave, l.Population); err != nil {
			return err
		}
		n, theirs := 0, 0
		wanted := func(p identity.Participant) bool { return l.wanted(p, &theirs) }
		if l.Letters == "" {
			err = h.links(ctx, w, l.Population, wanted, s.Out)
		} else {
			err = writeFile(l.Letters, func(out io.Writer) (err error) {
				n, err = h.Outbox.Letters(ctx, w, l.Population, wanted, out)
				return err
			})
		}
		if err != nil {
			return err
		}
		if l.Letters != "" {
			fmt.Fprintf(s.Out, "%d letters in %s; whoever has it can answer for everybody in it\n", n, l.Letters)
		}
		if theirs > 0 {
			fmt.Fprintf(s.Err, "%d left out: handed over to a colleague, who has the link by e-mail (--colleagues)\n", theirs)
		}
		return nil
	})
}

// links writes the links of a population as CSV: participant,population,office,language,url. A name is what an
// office has typed: a spreadsheet must not read it as a formula.
func (h *House) links(ctx context.Context, w identity.Wave, population string, wanted func(identity.Participant) bool, out io.Writer) error {
	p, err := h.Store.Identity.Population(ctx, w.ID, population)
	if err != nil {
		return err
	}
	if len(p.LinkSalt) == 0 {
		return fmt.Errorf("the links of %s in wave %s are erased", population, w.Label)
	}
	all, err := h.Store.Identity.Participants(ctx, w.ID, population)
	if err != nil {
		return err
	}
	offices, err := h.Store.Identity.Participants(ctx, w.ID, "office")
	if err != nil {
		return err
	}
	codes := map[string]string{}
	for _, o := range offices {
		codes[o.ID] = o.Code
	}
	lines := csv.NewWriter(out)
	if err := lines.Write([]string{"participant", "population", "office", "language", "url"}); err != nil {
		return err
	}
	for _, one := range all {
		if !wanted(one) {
			continue
		}
		office := one.Code
		if population == "employer" {
			office = codes[one.OfficeID]
		}
		if err := lines.Write([]string{formats.Harmless(one.Name), population, office, one.Language, h.Waves.Link(p, one)}); err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}

// StaffCommand groups staff accounts.
type StaffCommand struct {
	Add StaffAdd `cmd:"" help:"Invite somebody: prints a one-time link that makes the account."`
}

// StaffAdd invites somebody.
type StaffAdd struct {
	Email string `arg:"" help:"Address of the person."`
	Role  string `required:"" enum:"admin,lead,analyst,reviewer,moderator" help:"admin, lead, analyst, reviewer or moderator."`
}

// Run is the command.
func (a StaffAdd) Run(ctx context.Context, c *Config, s Streams) error {
	if _, err := mail.Address(a.Email); err != nil {
		return usage{fmt.Errorf("%q: %w", a.Email, err)}
	}
	return withStore(ctx, c, func(h *House) error {
		token, err := auth.NewLink(ctx, auth.Kept(h.Store.Staff), a.Email, auth.Role(a.Role))
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "%s may make an account within 24 hours at\n%s\n", a.Email, welcome(c, token))
		return h.journal(ctx, "staff.add", a.Email, a.Role)
	})
}

// welcome is the page behind a one-time link.
func welcome(c *Config, token string) string { return c.PublicURL + "/desk/welcome/" + token }

// AuditCommand groups the journal.
type AuditCommand struct {
	Verify AuditVerify `cmd:"" help:"Check that the journal was never changed."`
}

// AuditVerify checks the chain.
type AuditVerify struct{}

// Run is the command.
func (AuditVerify) Run(ctx context.Context, c *Config, s Streams) error {
	return withStore(ctx, c, func(h *House) error {
		last, err := h.Store.Staff.VerifyJournal(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.Out, "%d entries, each following the one before; the last is %x\n", last.Number, last.Hash)
		return nil
	})
}
