package desk

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/views"
	"rondo/app/web"
	"rondo/questionnaires"
	"rondo/storage"
)

// maxArchive bounds an uploaded folder: six files, packed.
const maxArchive = 2 << 20

// shownFindings is how many findings a page lists; who has more mends these first.
const shownFindings = 100

type newDraftPage struct {
	frame
	Problem  string
	Findings []questionnaires.Finding
	Files    []fileField
}

// fileField is one file of a version in a form.
type fileField struct{ Name, Field, Text string }

// showNewDraft asks for the folder of a version.
func (r *Room) showNewDraft(c *fiber.Ctx) error {
	return r.newDraftForm(c, fiber.StatusOK, nil, "", nil)
}

func (r *Room) newDraftForm(c *fiber.Ctx, status int, files map[string][]byte, problem string, found []questionnaires.Finding) error {
	p := &newDraftPage{frame: r.frame(c, say(c, "draft.new")), Findings: found[:min(len(found), shownFindings)], Files: typedFiles(c, fileFields(files))}
	if problem != "" {
		p.Problem, p.Invalid = say(c, "problem."+problem), true
	}
	return r.show(c, status, "desk/draft_new", p)
}

// addDraft begins a draft from an archive or from pasted files. What cannot be read comes back with what is wrong in it.
func (r *Room) addDraft(c *fiber.Ctx) error {
	files, problem, err := postedFiles(c)
	if err != nil {
		return err
	}
	if problem != "" {
		return r.newDraftForm(c, fiber.StatusUnprocessableEntity, files, problem, nil)
	}
	v, err := r.Versions.Judge(web.Context(c), files)
	if err != nil {
		return err
	}
	ref := refOf(v)
	if ref == "" {
		return r.newDraftForm(c, fiber.StatusUnprocessableEntity, files, "unreadable", v.Refusals())
	}
	err = r.Versions.KeepDraft(web.Context(c), ref, files, "", auth.Me(c).Email)
	switch {
	case errors.Is(err, storage.ErrDuplicate):
		return r.newDraftForm(c, fiber.StatusUnprocessableEntity, files, "published_already", nil)
	case errors.Is(err, storage.ErrConflict):
		return r.newDraftForm(c, fiber.StatusUnprocessableEntity, files, "draft_there", nil)
	}
	if err := r.did(c, "questionnaire.draft", ref, "", err); err != nil {
		return err
	}
	return web.SeeOther(c, draftPath(ref)+"?done=draft_begun")
}

// refOf is the reference a version gives itself; "" where it gives none that can be one.
func refOf(v questionnaires.Verdict) string {
	bad := slices.ContainsFunc(v.Findings, func(f questionnaires.Finding) bool { return f.Rule == "bad_reference" })
	if v.Questionnaire == nil || bad {
		return ""
	}
	return v.Questionnaire.Ref()
}

// postedFiles reads an archive or, where none was chosen, the text fields of the form.
func postedFiles(c *fiber.Ctx) (files map[string][]byte, problem string, err error) {
	name, content, err := web.Upload(c, "archive", maxArchive)
	if errors.Is(err, web.ErrTooLarge) {
		return nil, "file_too_large", nil
	}
	if err != nil {
		return nil, "", err
	}
	if name != "" {
		files, err = questionnaires.Unzip(content)
		if errors.Is(err, questionnaires.ErrArchive) {
			return nil, "no_archive", nil
		}
		return files, "", err
	}
	form := web.ReadForm(c)
	files = map[string][]byte{}
	for _, f := range fileFields(nil) {
		if text := strings.ReplaceAll(form.First(f.Field), "\r\n", "\n"); strings.TrimSpace(text) != "" {
			files[f.Name] = []byte(strings.TrimRight(text, "\n") + "\n")
		}
	}
	if len(files) == 0 {
		return nil, "no_file", nil
	}
	return files, "", nil
}

func fileFields(files map[string][]byte) []fileField {
	var fields []fileField
	for _, name := range append(questionnaires.Files(), questionnaires.ChangesFile) {
		fields = append(fields, fileField{Name: name, Field: "file-" + strings.ReplaceAll(name, ".", "-"), Text: string(files[name])})
	}
	return fields
}

// typedFiles are the fields with what stood in them when another language was wanted. A browser chooses no file a second
// time, so that the files of an archive stand in the fields, as after a mistake.
func typedFiles(c *fiber.Ctx, fields []fileField) []fileField {
	form := typedIn(c)
	if form == nil {
		return fields
	}
	if name, content, err := web.Upload(c, "archive", maxArchive); err == nil && name != "" {
		if files, err := questionnaires.Unzip(content); err == nil {
			return fileFields(files)
		}
	}
	for i, f := range fields {
		if _, posted := form[f.Field]; posted {
			fields[i].Text = strings.ReplaceAll(form.First(f.Field), "\r\n", "\n")
		}
	}
	return fields
}

type draftPage struct {
	frame
	Ref, Seen, Before string
	Findings          []questionnaires.Finding
	Refusals, Open    int
	Publishable       bool
	Compared          *views.Compared
	Classes           []classLine
	Editing           bool // the files are being edited
	Files             []fileField
}

// classLine is one changed variable whose author says what the change does to the trend.
type classLine struct {
	Field, Variable, What string
	Options               []option
}

// showDraft shows what is wrong with a draft, what changed, and asks what each change does to the trend.
func (r *Room) showDraft(c *fiber.Ctx) error {
	files, seen, err := r.Versions.Draft(web.Context(c), ref(c))
	if err != nil {
		return err
	}
	return r.draft(c, fiber.StatusOK, files, seen, "")
}

func (r *Room) draft(c *fiber.Ctx, status int, files map[string][]byte, seen, problem string) error {
	v, err := r.Versions.Judge(web.Context(c), files)
	if err != nil {
		return err
	}

	p := &draftPage{frame: r.frame(c, say(c, "draft.title", "ref", ref(c))), Ref: ref(c), Seen: seen, Files: fileFields(files),
		Findings: v.Findings[:min(len(v.Findings), shownFindings)], Refusals: len(v.Refusals()), Open: len(v.Open), Publishable: v.Publishable()}
	p.Base = draftPath(p.Ref)
	stored := slices.Clone(p.Files)
	p.Files = typedFiles(c, p.Files)
	p.Editing = sent(c) || !slices.Equal(stored, p.Files)
	form := typedIn(c)
	p.Seen = cmp.Or(form.First("seen"), seen) // what was typed is about the draft as it was then
	if problem != "" {
		p.Findings = append([]questionnaires.Finding{{Path: "–", Rule: problem, Sentence: say(c, "problem."+problem)}}, p.Findings...)
		p.Invalid = true
	}
	if v.Before != nil {
		compared := views.Compare(web.Language(c), v.Before, v.Questionnaire, v.Classes)
		p.Compared, p.Before = &compared, v.Before.Ref()
		p.Classes = classLines(c, v, form)
	}
	return r.show(c, status, "desk/draft", p)
}

// classLines are the changed variables with the classes that all their changes allow.
// A form is the one whose page is wanted in another language.
func classLines(c *fiber.Ctx, v questionnaires.Verdict, form web.Form) []classLine {
	var lines []classLine
	at := map[string]int{}
	for _, x := range v.Changes {
		if x.Question == "" {
			continue
		}
		what := x.What(web.Language(c))
		i, ok := at[x.Variable]
		if !ok {
			at[x.Variable] = len(lines)
			l := classLine{Field: "class-" + x.Variable, Variable: x.Variable, What: what, Options: []option{{Label: say(c, "draft.choose")}}}
			for _, class := range x.Allowed() {
				chosen := v.Classes.Of(x)
				if _, posted := form[l.Field]; posted {
					chosen = form.First(l.Field)
				}
				l.Options = append(l.Options, option{Value: class, Label: say(c, "draft.class."+class), Chosen: chosen == class})
			}
			lines = append(lines, l)
			continue
		}
		l := &lines[i]
		if !strings.Contains(l.What, what) {
			l.What += "; " + what
		}
		l.Options = slices.DeleteFunc(l.Options, func(o option) bool { return o.Value != "" && !slices.Contains(x.Allowed(), o.Value) })
	}
	return lines
}
