package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rondo/app/views"
	"rondo/app/wave"
	"rondo/exports"
	"rondo/questionnaires"
	"rondo/storage"
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
	err := withStore(ctx, c, func(h *House) error {
		all, err := h.Waves.Shelf(ctx)
		if err != nil {
			return err
		}
		for _, k := range all {
			if err := h.listed(ctx, k, s); err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, storage.ErrNoDatabase) {
		return err
	}
	for _, q := range questionnaires.Builtins() { // they need none
		fmt.Fprintf(s.Out, "%-14s %3d questions  %2d pages  %-9s  built in  %s\n", q.Ref(), len(q.Questions()), len(q.Pages), wave.Published, q.Hash[:12])
	}
	return nil
}

// listed prints one version of the shelf.
func (h *House) listed(ctx context.Context, k wave.Kept, s Streams) error {
	if k.State == wave.Drafted {
		fmt.Fprintf(s.Out, "%-14s %25s  %-9s  by %s\n", k.Ref, "", k.State, k.By)
		return nil
	}
	q, err := h.Waves.Questionnaire(k.Ref, "")
	if err != nil {
		return err
	}
	by := "built in"
	if !k.Builtin {
		by = "by " + k.By
	}
	fmt.Fprintf(s.Out, "%-14s %3d questions  %2d pages  %-9s  %s  %s", k.Ref, len(q.Questions()), len(q.Pages), k.State, by, k.Hash[:12])
	if len(k.Waves) > 0 {
		fmt.Fprintf(s.Out, "  (%s)", strings.Join(k.Waves, ", "))
	}
	fmt.Fprintln(s.Out)
	return nil
}

// QuestionnaireShow prints a questionnaire.
type QuestionnaireShow struct {
	Ref  string `arg:"" help:"Such as employer/2."`
	Lang string `default:"de" enum:"de,fr,it,en" help:"Language."`
}

// Run is the command.
func (v QuestionnaireShow) Run(ctx context.Context, c *Config, s Streams) error {
	version, err := book(ctx, c, v.Ref)
	if err != nil {
		return err
	}
	q := version.Questionnaire
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

// book finds a version by reference, among the built-in ones and those published in this
// database, or reads it from a folder.
func book(ctx context.Context, c *Config, ref string) (v questionnaires.Version, err error) {
	if info, err := os.Stat(ref); err == nil && info.IsDir() {
		return folder(ref)
	}
	err = withStore(ctx, c, func(h *House) error {
		all, err := h.Waves.Versions(ctx)
		for _, x := range all {
			if x.Questionnaire.Ref() == ref {
				v = x
			}
		}
		return err
	})
	if errors.Is(err, storage.ErrNoDatabase) { // what is built in needs none
		v.Questionnaire, err = questionnaires.Builtin(ref)
		if err != nil {
			return v, fmt.Errorf("%s is neither a published questionnaire nor a folder", ref)
		}
		dir, err := fs.Sub(questionnaires.Definitions(), ref)
		if err == nil {
			v.Classes, _, err = questionnaires.ReadChanges(dir)
		}
		return v, err
	}
	if err == nil && v.Questionnaire == nil {
		err = fmt.Errorf("%s is neither a published questionnaire nor a folder", ref)
	}
	return v, err
}

// folder reads a version from its folder.
func folder(path string) (v questionnaires.Version, err error) {
	dir := os.DirFS(path)
	q, findings, err := questionnaires.ReadDir(dir)
	if err == nil && q == nil {
		err = fmt.Errorf("%s: %s", path, findings[0])
	}
	if err != nil {
		return v, err
	}
	v.Questionnaire = q
	v.Classes, _, err = questionnaires.ReadChanges(dir)
	return v, err
}

// QuestionnaireDiff compares two versions.
type QuestionnaireDiff struct {
	A    string `arg:"" help:"The older: a reference or a folder."`
	B    string `arg:"" help:"The newer."`
	HTML string `name:"html" placeholder:"FILE" help:"Write a page with the words of all languages side by side instead."`
	Lang string `default:"de" enum:"de,fr,it,en" help:"Language of that page."`
}

// Run is the command.
func (d QuestionnaireDiff) Run(ctx context.Context, c *Config, s Streams) error {
	a, err := book(ctx, c, d.A)
	if err != nil {
		return err
	}
	b, err := book(ctx, c, d.B)
	if err != nil {
		return err
	}
	if d.HTML != "" {
		return writeFile(d.HTML, func(out io.Writer) error {
			return views.Comparison(out, d.Lang, a.Questionnaire, b.Questionnaire, b.Classes)
		})
	}
	for _, x := range questionnaires.Compare(a.Questionnaire, b.Questionnaire) {
		fmt.Fprintln(s.Out, x.Text()+classed(b.Classes, x))
	}
	return nil
}

// classed prints what the author says of a change, where something is said.
func classed(classes questionnaires.Classification, x questionnaires.Change) string {
	if class := classes.Of(x); class != "" && x.Question != "" {
		return "  [" + class + "]"
	}
	return ""
}

// QuestionnairePublish closes a version.
type QuestionnairePublish struct {
	Dir string `arg:"" type:"existingdir" help:"Folder of the version."`
}

// Run is the command.
func (p QuestionnairePublish) Run(ctx context.Context, c *Config, s Streams) error {
	files, err := questionnaires.FolderFiles(os.DirFS(p.Dir))
	if err != nil {
		return err
	}
	return withStore(ctx, c, func(h *House) error {
		v, err := h.Waves.Publish(ctx, files, operator)
		for _, f := range v.Findings {
			fmt.Fprintf(s.Out, "%s\n", f)
		}
		if errors.Is(err, wave.ErrUnpublishable) {
			return fmt.Errorf("not published: %d findings to mend; the first is %s", len(v.Refusals()), v.Refusals()[0])
		} else if err != nil {
			return err
		}
		q := v.Questionnaire
		fmt.Fprintf(s.Out, "%s is published; hash %s\n", q.Ref(), q.Hash)
		for _, f := range flagged(v) {
			fmt.Fprintf(s.Out, "%-28s %s: %s\n", f.Variable, f.Effect.Words("en"), f.Reason("en"))
		}
		return h.journal(ctx, "questionnaire.publish", q.Ref(), q.Hash)
	})
}

// flagged are the variables whose trend does not simply go on.
func flagged(v questionnaires.Verdict) []questionnaires.Flag {
	if v.Before == nil {
		return nil
	}
	return slices.DeleteFunc(questionnaires.Comparability(v.Before, v.Questionnaire, v.Classes), func(f questionnaires.Flag) bool {
		return f.Effect == questionnaires.Comparable
	})
}

// QuestionnaireExport writes a questionnaire in another format.
type QuestionnaireExport struct {
	Ref    string `arg:"" help:"Such as employer/2."`
	Format string `required:"" enum:"xlsform,ddi,schema" help:"xlsform, ddi or schema."`
}

// Run is the command.
func (e QuestionnaireExport) Run(ctx context.Context, c *Config, s Streams) error {
	version, err := book(ctx, c, e.Ref)
	if err != nil {
		return err
	}
	q := version.Questionnaire
	switch e.Format {
	case "xlsform":
		return exportXLSForm(q, s)
	case "schema": // one for all versions
		_, err := s.Out.Write(questionnaires.Schema())
		return err
	}
	body, err := exports.QuestionnaireDDI(q)
	if err != nil {
		return err
	}
	_, err = s.Out.Write(body)
	return err
}
