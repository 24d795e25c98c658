package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rondo/exports"
	"rondo/questionnaires"
	"rondo/storage/staff"
)

// QuestionnaireCommand groups what authors do.
type QuestionnaireCommand struct {
	List    QuestionnaireList    `cmd:"" help:"The published questionnaires."`
	Show    QuestionnaireShow    `cmd:"" help:"Every question of one, in one language."`
	Lint    QuestionnaireLint    `cmd:"" help:"Check folders."`
	Diff    QuestionnaireDiff    `cmd:"" help:"What changed between two versions."`
	Publish QuestionnairePublish `cmd:"" help:"Publish a folder; it can never be changed again."`
	Preview QuestionnairePreview `cmd:"" help:"See a folder as respondents will."`
	Import  QuestionnaireImport  `cmd:"" help:"Make a folder from an XLSForm workbook."`
	Export  QuestionnaireExport  `cmd:"" help:"Write a questionnaire in another format."`
}

// QuestionnaireList prints the published questionnaires.
type QuestionnaireList struct{}

// Run is the command.
func (QuestionnaireList) Run(ctx context.Context, c *Config, s Streams) error {
	for _, q := range questionnaires.Builtins() {
		fmt.Fprintf(s.Out, "%-14s %3d questions  %2d pages  %s\n", q.Ref(), len(q.Questions()), len(q.Pages), q.Hash[:12])
	}
	if !c.databaseExists() {
		return nil
	}
	return withStore(ctx, c, func(h *House) error {
		published, err := h.Store.Staff.Published(ctx)
		for _, p := range published {
			fmt.Fprintf(s.Out, "%-14s published in this database  %s\n", p.Ref, p.Hash[:12])
		}
		return err
	})
}

// QuestionnaireShow prints a questionnaire.
type QuestionnaireShow struct {
	Ref  string `arg:"" help:"Such as employer/2."`
	Lang string `default:"de" enum:"de,fr,it,en" help:"Language."`
}

// Run is the command.
func (v QuestionnaireShow) Run(_ context.Context, _ *Config, s Streams) error {
	q, err := book(v.Ref)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "%s  %s\n", q.Ref(), q.Title.In(v.Lang))
	for _, p := range q.Pages {
		fmt.Fprintf(s.Out, "\n%s  %s%s\n", p.Code, p.Title.In(v.Lang), onlyIf(p.If))
		for _, qu := range p.Questions {
			fmt.Fprintf(s.Out, "\n  %s  [%s]  %s%s\n", qu.Code, qu.Kind, qu.Label.In(v.Lang), onlyIf(qu.If))
			for _, r := range qu.Rows {
				fmt.Fprintf(s.Out, "      – %s  %s\n", r.Code, r.Label.In(v.Lang))
			}
			for _, o := range qu.Options {
				fmt.Fprintf(s.Out, "      · %s  %s\n", o.Code, o.Label.In(v.Lang))
			}
		}
	}
	return nil
}

func onlyIf(c *questionnaires.Condition) string {
	if c == nil {
		return ""
	}
	return "  (if " + c.Source() + ")"
}

// versionsIn finds every folder below root that holds a questionnaire.
func versionsIn(root string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() == "questionnaire.yaml" {
			found = append(found, filepath.Dir(path))
		}
		return err
	})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%s holds no questionnaire.yaml", root)
	}
	return found, err
}

// book finds a questionnaire by reference or reads it from a folder.
func book(ref string) (*questionnaires.Questionnaire, error) {
	if info, err := os.Stat(ref); err == nil && info.IsDir() {
		q, findings, err := questionnaires.ReadDir(os.DirFS(ref))
		if err == nil && q == nil {
			err = fmt.Errorf("%s: %s", ref, findings[0])
		}
		return q, err
	}
	q, err := questionnaires.Builtin(ref)
	if err != nil {
		return nil, fmt.Errorf("%s is neither a published questionnaire nor a folder", ref)
	}
	return q, nil
}

// QuestionnaireDiff compares two versions.
type QuestionnaireDiff struct {
	A string `arg:"" help:"The older: a reference or a folder."`
	B string `arg:"" help:"The newer."`
}

// Run is the command.
func (d QuestionnaireDiff) Run(_ context.Context, _ *Config, s Streams) error {
	a, err := book(d.A)
	if err != nil {
		return err
	}
	b, err := book(d.B)
	if err != nil {
		return err
	}
	for _, c := range questionnaires.Compare(a, b) {
		fmt.Fprintf(s.Out, "%-30s %-2s %-16s %s\n", c.Variable, c.Language, c.Kind, change(c))
	}
	return nil
}

func change(c questionnaires.Change) string {
	if c.Old == "" {
		return "+ " + c.New
	}
	if c.New == "" {
		return "- " + c.Old
	}
	return fmt.Sprintf("%q → %q", c.Old, c.New)
}

// QuestionnairePublish closes a version.
type QuestionnairePublish struct {
	Dir string `arg:"" type:"existingdir" help:"Folder of the version."`
}

// Run is the command.
func (p QuestionnairePublish) Run(ctx context.Context, c *Config, s Streams) error {
	dir := os.DirFS(p.Dir)
	q, findings, err := questionnaires.ReadDir(dir)
	if err != nil {
		return err
	}
	if q != nil {
		findings = append(findings, questionnaires.Lint(q)...)
	}
	for _, f := range findings {
		if !f.Warning {
			return fmt.Errorf("not published: %s", f)
		}
	}
	if before, err := questionnaires.Builtin(fmt.Sprintf("%s/%d", q.Key, q.Version-1)); err == nil {
		classes, found, err := questionnaires.ReadChanges(dir)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("not published: %s", found[0])
		}
		if open := classes.Unclassified(questionnaires.Compare(before, q)); len(open) > 0 {
			return fmt.Errorf("not published: %d changes against %s are not classified in %s; the first is %s (%s)", len(open), before.Ref(), questionnaires.ChangesFile, open[0].Variable, open[0].Kind)
		}
	}
	if _, err := questionnaires.Builtin(q.Ref()); err == nil {
		return fmt.Errorf("%s is published already; a new version needs a new number", q.Ref())
	}
	return withStore(ctx, c, func(h *House) error {
		files := map[string]string{}
		for _, name := range questionnaires.Files() {
			b, err := fs.ReadFile(dir, name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			} else if err != nil {
				return err
			}
			files[name] = string(b)
		}
		body, err := json.Marshal(files)
		if err != nil {
			return err
		}
		if err := h.Store.Staff.Publish(ctx, staff.Questionnaire{Ref: q.Ref(), Hash: q.Hash, Files: string(body), PublishedBy: operator}); err != nil {
			return fmt.Errorf("publish %s: %w", q.Ref(), err)
		}
		fmt.Fprintf(s.Out, "%s is published; hash %s\n", q.Ref(), q.Hash)
		return h.journal(ctx, "publish", q.Ref(), q.Hash)
	})
}

// QuestionnairePreview is built with the authors' tools.
type QuestionnairePreview struct {
	Dir string `arg:"" type:"existingdir" help:"Folder of the version."`
}

// Run is the command.
func (p QuestionnairePreview) Run(context.Context, *Config, Streams) error {
	return fmt.Errorf("this version has no preview yet; `rondo questionnaire lint %s` checks the folder and a rehearsal wave shows it", p.Dir)
}

// QuestionnaireImport is built with the authors' tools.
type QuestionnaireImport struct {
	File string `arg:"" type:"existingfile" help:"An XLSForm workbook."`
	Key  string `required:"" help:"Key of the questionnaire."`
	Out  string `required:"" help:"Folder to write."`
}

// Run is the command.
func (QuestionnaireImport) Run(context.Context, *Config, Streams) error {
	return errors.New("this version cannot read XLSForm yet; write the folder by hand as questionnaires/README.md shows")
}

// QuestionnaireExport writes a questionnaire in another format.
type QuestionnaireExport struct {
	Ref    string `arg:"" help:"Such as employer/2."`
	Format string `required:"" enum:"xlsform,ddi,schema" help:"xlsform, ddi or schema."`
}

// Run is the command.
func (e QuestionnaireExport) Run(_ context.Context, _ *Config, s Streams) error {
	q, err := book(e.Ref)
	if err != nil {
		return err
	}
	if e.Format == "schema" { // one for all versions
		_, err := s.Out.Write(questionnaires.Schema())
		return err
	}
	if e.Format != "ddi" {
		return fmt.Errorf("this version writes questionnaires as ddi and schema only, not as %s", e.Format)
	}
	body, err := exports.QuestionnaireDDI(q)
	if err != nil {
		return err
	}
	_, err = s.Out.Write(body)
	return err
}
