package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/db"
)

// typedInto is the question that every virtual respondent types a mark into.
const typedInto = "e_comment"

// check reads every employer's response of every open wave and holds it against what was
// acknowledged: each mark is there exactly once, nobody has two responses.
func check(ctx context.Context, database, secretFile string, outcome Outcome) error {
	if path, lite := db.Path(database); lite {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("--database: %w", err) // opening it would make it
		}
	}
	store, err := storage.Open(ctx, database, secretFile)
	if err != nil {
		return fmt.Errorf("--database: %w", err)
	}
	marks, err := storedMarks(ctx, store)
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	found, err := compare(outcome.Acknowledged, marks)
	fmt.Printf("acknowledged %d, found %d\n", len(outcome.Acknowledged), found)
	return err
}

// compare says how many acknowledged marks are stored exactly once, and what is wrong.
func compare(acknowledged []string, stored map[string]int) (found int, err error) {
	for _, mark := range acknowledged {
		if stored[mark] == 1 {
			found++
		}
	}
	if lost := len(acknowledged) - found; lost > 0 {
		err = fmt.Errorf("%d acknowledged responses are not stored exactly once", lost)
	}
	for mark, n := range stored {
		if n > 1 {
			err = errors.Join(err, fmt.Errorf("%s was submitted once and is stored %d times", mark, n))
		}
	}
	return found, err
}

// storedMarks counts the marks in the responses of all windows that are open.
func storedMarks(ctx context.Context, store *storage.Store) (map[string]int, error) {
	waves, err := store.Identity.Waves(ctx)
	if err != nil {
		return nil, err
	}
	marks := map[string]int{}
	for _, w := range waves {
		if err := marksOf(ctx, store, w.ID, marks); err != nil {
			return nil, fmt.Errorf("wave %s: %w", w.Label, err)
		}
	}
	return marks, nil
}

func marksOf(ctx context.Context, store *storage.Store, waveID string, marks map[string]int) error {
	window, err := store.Answers.Window(ctx, waveID, "employer")
	if errors.Is(err, storage.ErrNotFound) || err == nil && window.State != "open" {
		return nil
	}
	if err != nil {
		return err
	}
	sealer, err := store.Secret.Sealer(window.AnswerSalt)
	if err != nil {
		return err
	}
	err = store.Answers.Responses(ctx, waveID, "employer", func(id string, body []byte) error {
		plain, err := sealer.Open(body, []byte(id))
		if err != nil {
			return err
		}
		var record questionnaires.Record
		if err := json.Unmarshal(plain, &record); err != nil {
			return err
		}
		if mark := record.Answers[typedInto].Text; mark != "" {
			marks[mark]++
		}
		return nil
	})
	if err != nil {
		return err
	}
	responses, spent, err := store.Answers.Count(ctx, waveID, "employer")
	if err == nil && responses > spent {
		err = fmt.Errorf("%d responses of %d who submitted", responses, spent)
	}
	return err
}
