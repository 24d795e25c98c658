package respond

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"

	"rondo/questionnaires"
	"rondo/storage/keys"
)

// ErrUnsettled says that answers brought in whole still have problems.
var ErrUnsettled = errors.New("these answers cannot be submitted as they are")

// Deliver submits a whole set of answers for the holder of a link, by the same rules as the
// pages: settled, sealed, once, while the window is open. Rehearsals and the demo answer so.
func (r *Room) Deliver(ctx context.Context, token, lang string, given questionnaires.Answers) error {
	holder, err := r.store.Identity.HolderByToken(ctx, keys.HashToken(token))
	if err != nil {
		return fmt.Errorf("participant: %w", err)
	}
	v := visit{holder: holder, token: token, lang: lang}
	if v.Questionnaire, err = r.waves.Questionnaire(holder.Population.Questionnaire, holder.Population.Hash); err != nil {
		return err
	}
	v.key = r.store.Secret.DraftKey(holder.Population.LinkSalt, holder.ID)
	if v.kept, err = r.store.Answers.Find(ctx, holder.Wave.ID, holder.Population.Name, v.key); err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	if err := v.answering(); err != nil {
		return err
	}
	if v.headed() {
		return ErrHeadReleases
	}
	v.Setting = r.waves.Setting(holder, v.kept.Now)
	settled, problems := v.Questionnaire.Settle(given, v.Setting)
	if len(problems) > 0 {
		return fmt.Errorf("%w: %s %s", ErrUnsettled, problems[0].Question, problems[0].Rule)
	}
	var raw [15]byte
	_, _ = rand.Read(raw[:]) // never fails
	return r.submit(ctx, v, settled, base32.StdEncoding.EncodeToString(raw[:]))
}
