package mail

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func maildir(t *testing.T, messages ...string) Maildir {
	t.Helper()
	m := Maildir{Path: t.TempDir()}
	for _, part := range []string{"new", "cur", "tmp"} {
		if err := os.Mkdir(filepath.Join(m.Path, part), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range messages {
		if err := os.WriteFile(filepath.Join(m.Path, "new", name), []byte("words of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func (m Maildir) names(t *testing.T, part string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(m.Path, part))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWhatCameBackIsPutAwayOnlyOnceItIsNoted(t *testing.T) {
	m := maildir(t, "1.bounce", "2.question", "3.later", ".hidden")
	if err := os.Mkdir(filepath.Join(m.Path, "new", "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	var noted []string
	busy := errors.New("the database is away")
	note := func(r io.Reader) (bool, error) {
		text, err := io.ReadAll(r)
		noted = append(noted, string(text))
		if string(text) == "words of 3.later" && len(noted) <= 3 {
			return false, busy
		}
		return string(text) == "words of 2.question", err
	}
	n, err := m.Take(t.Context(), note)
	if n != 2 || !errors.Is(err, busy) {
		t.Errorf("Take = %d, %v", n, err)
	}
	if got, want := m.names(t, "cur"), []string{"1.bounce:2,ST", "2.question:2,S"}; !slices.Equal(got, want) {
		t.Errorf("cur holds %v, want %v", got, want)
	}
	if n, err := m.Take(t.Context(), note); n != 1 || err != nil || len(noted) != 4 {
		t.Errorf("the second time: %d, %v, noted %v", n, err, noted)
	}
	if got, want := m.names(t, "new"), []string{".hidden", "folder"}; !slices.Equal(got, want) {
		t.Errorf("new holds %v, want %v", got, want)
	}
}

func TestOldReportsAreDeletedAndLettersOfPeopleAreNot(t *testing.T) {
	m := maildir(t, "1.old", "2.new", "3.person")
	note := func(r io.Reader) (bool, error) {
		text, err := io.ReadAll(r)
		return string(text) == "words of 3.person", err
	}
	if _, err := m.Take(t.Context(), note); err != nil {
		t.Fatal(err)
	}
	week := time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
	for name, when := range map[string]time.Time{"1.old:2,ST": week.Add(-time.Hour), "2.new:2,ST": week.Add(time.Hour), "3.person:2,S": week.Add(-time.Hour)} {
		if err := os.Chtimes(filepath.Join(m.Path, "cur", name), when, when); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Empty(week); err != nil {
		t.Fatal(err)
	}
	if got, want := m.names(t, "cur"), []string{"2.new:2,ST", "3.person:2,S"}; !slices.Equal(got, want) {
		t.Errorf("cur holds %v, want %v", got, want)
	}
}

func TestCheckSaysWhatAMaildirLacks(t *testing.T) {
	m := maildir(t)
	if err := m.Check(); err != nil || len(m.names(t, "cur")) != 0 {
		t.Errorf("Check = %v, leaves %v", err, m.names(t, "cur"))
	}
	if err := (Maildir{Path: filepath.Join(m.Path, "nowhere")}).Check(); err == nil {
		t.Error("a folder that is not there is good enough")
	}
	if _, err := (Maildir{Path: filepath.Join(m.Path, "nowhere")}).Take(t.Context(), nil); err == nil {
		t.Error("nothing is said about a folder that is not there")
	}
}

// A mail server that delivers as another user fills the folder with what cannot be read: each look
// would fill the log with a line for each.
func TestAFolderFullOfWhatCannotBeTakenIsToldInFewWords(t *testing.T) {
	var names []string
	for n := range 300 {
		names = append(names, fmt.Sprintf("%03d.bounce", n))
	}
	n, err := maildir(t, names...).Take(t.Context(), func(r io.Reader) (bool, error) {
		text, err := io.ReadAll(r)
		if strings.HasSuffix(string(text), "299.bounce") {
			return false, err
		}
		return false, errors.New("not now")
	})
	if n != 1 || err == nil || strings.Count(err.Error(), "not now") > 5 || !strings.Contains(err.Error(), "299 messages") {
		t.Errorf("Take = %d, %v", n, err)
	}
}
