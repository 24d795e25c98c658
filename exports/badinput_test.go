package exports

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"rondo/questionnaires"
)

// attempt asks for a release; where it is refused there must be one sentence and not a byte.
func attempt(t *testing.T, m memory, profile string) error {
	t.Helper()
	var out bytes.Buffer
	_, err := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: profile}, []byte("key"), &out)
	if err != nil && (out.Len() > 0 || strings.Contains(err.Error(), "\n") || len(err.Error()) < 15) {
		t.Errorf("refused with %d bytes and %q", out.Len(), err)
	}
	if err == nil && out.Len() == 0 {
		t.Error("neither a file nor a refusal")
	}
	return err
}

func TestFewerAnswersThanKAreRefused(t *testing.T) {
	for _, profile := range []string{Scientific, Public} {
		for n := range profiles[profile].K {
			if err := attempt(t, wave(t, "employer/2", n, 1), profile); !errors.Is(err, ErrTooFew) {
				t.Errorf("%d answers as %s: %v", n, profile, err)
			}
		}
	}
}

// TestEqualAnswersOfAllAreNobodysSecret: where everybody says the same, each profile can be released.
func TestEqualAnswersOfAllAreNobodysSecret(t *testing.T) {
	m := wave(t, "employer/2", 40, 5)
	for i := range m.records {
		m.records[i].Answers, m.records[i].Language, m.records[i].Stratum, m.records[i].Shuffle = m.records[0].Answers, "de", nil, 0
	}
	for _, profile := range []string{Internal, Scientific, Public} {
		if err := attempt(t, m, profile); err != nil {
			t.Errorf("%s: %v", profile, err)
		}
	}
}

func TestAnAnswerThatNobodyCouldGiveIsRefusedAndNotRepeated(t *testing.T) {
	one := func(code string) questionnaires.Value { return questionnaires.Value{Codes: []string{code}} }
	for name, put := range map[string]func(questionnaires.Answers){
		"an unknown variable": func(a questionnaires.Answers) { a["e_secret"] = one("HUSH") },
		"an unknown option":   func(a questionnaires.Answers) { a["e_size"] = one("HUSH") },
		"an unknown canton":   func(a questionnaires.Answers) { a["e_canton"] = one("HUSH") },
	} {
		m := wave(t, "employer/2", 40, 6)
		m.records = slices.Clone(m.records)
		put(m.records[17].Answers)
		for _, profile := range []string{Internal, Scientific, Public} {
			if err := attempt(t, m, profile); !errors.Is(err, ErrSnapshot) || strings.Contains(err.Error(), "HUSH") {
				t.Errorf("%s as %s: %v", name, profile, err)
			}
		}
	}
}

func TestARecordThatCannotBeReadEndsTheRelease(t *testing.T) {
	m := wave(t, "employer/2", 40, 7)
	torn := errors.New("a record of the snapshot cannot be read")
	var out bytes.Buffer
	for _, profile := range []string{Internal, Scientific} {
		_, err := Build(context.Background(), tornSource{m, torn}, Request{Wave: "2026", Population: "employer", Profile: profile}, []byte("key"), &out)
		if !errors.Is(err, torn) || out.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", profile, err, out.Len())
		}
	}
}

// tornSource breaks off in the middle.
type tornSource struct {
	memory
	err error
}

func (s tornSource) Records(ctx context.Context, _ Snapshot, each func(Record) error) error {
	for _, r := range s.records[:20] {
		if err := each(r); err != nil {
			return err
		}
	}
	return s.err
}
