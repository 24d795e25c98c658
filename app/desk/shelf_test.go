package desk

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"strings"

	"github.com/gofiber/fiber/v2"

	"rondo/questionnaires"
	"rondo/storage/db"
)

// shelf is the questionnaires of a study on paper: the built-in ones, and a draft of employer/3 whose one change is not
// classified. It judges as the house does; what it is asked to keep it only notes.
type shelf struct{ *paper }

const draftSeen = "seen"

func (s *shelf) Versions(context.Context) ([]Version, error) {
	var all []Version
	for _, q := range questionnaires.Builtins() {
		all = append(all, Version{Ref: q.Ref(), State: "published", Hash: q.Hash, Builtin: true})
	}
	all[1].State, all[1].Waves = "frozen", []string{"2015", "2026"}
	return append(all, Version{Ref: "employer/3", State: "draft", Hash: draftSeen, By: "lead@bsv.example", At: morning}), nil
}

func (s *shelf) Published(_ context.Context, ref string) (v questionnaires.Version, files map[string][]byte, before *questionnaires.Questionnaire, err error) {
	for _, q := range questionnaires.Builtins() {
		if q.Ref() == ref {
			v.Questionnaire = q
			dir, err := fs.Sub(questionnaires.Definitions(), ref)
			if err != nil {
				return v, nil, nil, err
			}
			files, err = questionnaires.FolderFiles(dir)
			return v, files, before, err
		}
		before = q
	}
	return v, nil, nil, questionnaires.ErrUnknown
}

func (s *shelf) Draft(ctx context.Context, ref string) (map[string][]byte, string, error) {
	if ref != "employer/3" {
		return nil, "", db.ErrNotFound
	}
	v, files, _, err := s.Published(ctx, "employer/2")
	if err != nil {
		return nil, "", err
	}
	next, err := questionnaires.Next(files, v.Questionnaire)
	if err != nil {
		return nil, "", err
	}
	next["text.fr.yaml"] = []byte(strings.Replace(string(next["text.fr.yaml"]), "Depuis quand collaborez-vous", "Depuis quand travaillez-vous", 1))
	return next, draftSeen, nil
}

func (s *shelf) Judge(_ context.Context, files map[string][]byte) (questionnaires.Verdict, error) {
	return questionnaires.Judge(files, questionnaires.Builtins()), nil
}

func (s *shelf) KeepDraft(_ context.Context, ref string, files map[string][]byte, seen, by string) error {
	classes, _, err := questionnaires.ParseChanges(files[questionnaires.ChangesFile])
	if err != nil {
		return s.change("keep ", ref, " after ", seen, " by ", by, " as it is")
	}
	return s.change("keep ", ref, " after ", seen, " by ", by, " ", maps.Clone(classes.Classes))
}

func (s *shelf) DiscardDraft(_ context.Context, ref, seen string) error {
	if seen != draftSeen {
		return db.ErrConflict
	}
	return s.change("discard ", ref)
}

func (s *shelf) NextVersion(_ context.Context, ref, by string) (string, error) {
	return "employer/3", s.change("next after ", ref, " by ", by)
}

func (s *shelf) Publish(ctx context.Context, files map[string][]byte, by string) (questionnaires.Verdict, error) {
	v, err := s.Judge(ctx, files)
	if err == nil && !v.Publishable() {
		return v, fmt.Errorf("%w: %s", db.ErrState, v.Refusals()[0])
	}
	return v, s.change("publish ", v.Questionnaire.Ref(), " by ", by)
}

func (p *paper) print(c *fiber.Ctx, q *questionnaires.Questionnaire) error {
	return c.SendString("<!doctype html><html><head></head><body><main><h1>" + q.Ref() + "</h1></main></body></html>")
}
