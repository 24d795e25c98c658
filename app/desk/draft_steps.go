package desk

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
	"rondo/app/web"
	"rondo/questionnaires"
	"rondo/storage"
)

// classify writes what each change does to the trend into changes.yaml.
func (r *Room) classify(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	files, err := r.seenDraft(c, form)
	if err != nil {
		return err
	}
	v, err := r.Versions.Judge(web.Context(c), files)
	if err != nil {
		return err
	}
	if v.Before == nil {
		return web.ErrForm
	}

	classes := questionnaires.Classification{Against: v.Before.Ref(), Classes: map[string]string{}, Checked: v.Classes.Checked}
	for name := range form {
		if variable, ok := strings.CutPrefix(name, "class-"); ok {
			classes.Classes[variable] = form.First(name)
		}
	}
	for _, x := range v.Changes {
		if class := classes.Classes[x.Variable]; class != "" && classes.Of(x) == "" {
			return web.ErrForm // no choice of the form
		}
	}
	files[questionnaires.ChangesFile] = classes.Write(v.Changes)
	return r.keepDraft(c, files, form.First("seen"), "questionnaire.classify", "classified")
}

// editDraft keeps other files in place of those of a draft.
func (r *Room) editDraft(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	before, err := r.seenDraft(c, form)
	if err != nil {
		return err
	}
	files, problem, err := postedFiles(c)
	if err != nil {
		return err
	}
	if problem != "" {
		return r.draft(c, fiber.StatusUnprocessableEntity, before, form.First("seen"), problem)
	}
	v, err := r.Versions.Judge(web.Context(c), files)
	if err != nil {
		return err
	}
	if named := refOf(v); named != "" && named != ref(c) {
		return r.draft(c, fiber.StatusUnprocessableEntity, files, form.First("seen"), "other_reference")
	}
	return r.keepDraft(c, files, form.First("seen"), "questionnaire.draft", "draft_kept")
}

func (r *Room) keepDraft(c *fiber.Ctx, files map[string][]byte, seen, action, done string) error {
	err := r.Versions.KeepDraft(web.Context(c), ref(c), files, seen, auth.Me(c).Email)
	if err := r.did(c, action, ref(c), "", err); err != nil {
		return err
	}
	return web.SeeOther(c, draftPath(ref(c))+"?done="+done)
}

// seenDraft gives the files of a draft if it is still as the person has seen it.
func (r *Room) seenDraft(c *fiber.Ctx, form web.Form) (map[string][]byte, error) {
	files, seen, err := r.Versions.Draft(web.Context(c), ref(c))
	if err == nil && seen != form.First("seen") {
		err = storage.ErrConflict
	}
	return files, err
}

// showPublish says what publishing does, or what stands against it.
func (r *Room) showPublish(c *fiber.Ctx) error {
	files, seen, err := r.Versions.Draft(web.Context(c), ref(c))
	if err != nil {
		return err
	}
	v, err := r.Versions.Judge(web.Context(c), files)
	if err != nil {
		return err
	}
	return r.publishPage(c, v, seen)
}

func (r *Room) publishPage(c *fiber.Ctx, v questionnaires.Verdict, seen string) error {
	page := &confirmPage{Sentence: say(c, "draft.publish_text"), Button: say(c, "draft.publish"), Back: draftPath(ref(c)), Final: true, Seen: seen,
		frame: r.frame(c, say(c, "draft.publish_ref", "ref", ref(c)))}
	if v.Questionnaire != nil {
		page.Facts = []fact{{say(c, "version.sum"), v.Questionnaire.Hash}, {say(c, "draft.changes"), itoa(len(v.Changes))}}
	}
	for _, f := range v.Refusals() {
		page.Stop = say(c, "draft.not_yet")
		if len(page.Faults) < shownFindings {
			page.Faults = append(page.Faults, f.String())
		}
	}
	return r.confirm(c, page, nil, nil)
}

// publish closes a version for ever, exactly as the person has seen it.
func (r *Room) publish(c *fiber.Ctx) error {
	form := web.ReadForm(c)
	files, err := r.seenDraft(c, form)
	if err != nil {
		return r.did(c, "questionnaire.publish", ref(c), "", err)
	}

	ctx, cancel := longContext(c)
	defer cancel()
	v, err := r.Versions.Publish(ctx, files, auth.Me(c).Email)
	hash := ""
	if v.Questionnaire != nil {
		hash = v.Questionnaire.Hash
	}
	err = r.did(c, "questionnaire.publish", ref(c), hash, err)
	if err != nil && len(v.Refusals()) > 0 && !errors.Is(err, storage.ErrConflict) {
		return r.publishPage(c, v, form.First("seen"))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, versionPath(ref(c))+"?done=published")
}

// showDiscard says that a draft will be gone.
func (r *Room) showDiscard(c *fiber.Ctx) error {
	_, seen, err := r.Versions.Draft(web.Context(c), ref(c))
	if err != nil {
		return err
	}
	page := &confirmPage{Sentence: say(c, "draft.discard_text"), Button: say(c, "draft.discard"), Back: draftPath(ref(c)), Final: true, Seen: seen,
		frame: r.frame(c, say(c, "draft.discard_ref", "ref", ref(c)))}
	return r.confirm(c, page, nil, nil)
}

// discard throws a draft away.
func (r *Room) discard(c *fiber.Ctx) error {
	err := r.Versions.DiscardDraft(web.Context(c), ref(c), web.ReadForm(c).First("seen"))
	if err := r.did(c, "questionnaire.discard", ref(c), "", err); err != nil {
		return err
	}
	return web.SeeOther(c, "/desk/questionnaires?done=discarded")
}

// draftFiles gives the folder of a draft as an archive.
func (r *Room) draftFiles(c *fiber.Ctx) error {
	v, files, err := r.readableDraft(c)
	if err != nil {
		return err
	}
	return sendFiles(c, v.Questionnaire, files)
}

// printDraft shows a draft as it would look on paper.
func (r *Room) printDraft(c *fiber.Ctx) error {
	v, _, err := r.readableDraft(c)
	if err != nil {
		return err
	}
	return r.Print(c, v.Questionnaire)
}

// readableDraft gives a draft whose files can be read; another one has nothing to show yet.
func (r *Room) readableDraft(c *fiber.Ctx) (questionnaires.Verdict, map[string][]byte, error) {
	files, _, err := r.Versions.Draft(web.Context(c), ref(c))
	if err != nil {
		return questionnaires.Verdict{}, nil, err
	}
	v, err := r.Versions.Judge(web.Context(c), files)
	if err == nil && v.Questionnaire == nil {
		err = storage.ErrState
	}
	return v, files, err
}
