package mail

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rondo/questionnaires/boundtest"
)

// Each case of testdata/returns.txtar is a message; ENVELOPE and MESSAGEID
// stand for the ids of the message that was sent.
func TestReturnsAreTold(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/returns.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s, id := testSender("bounce.example.ch"), "abcdefghijklmnopqrstuvwxyz"
	for _, file := range archive.Files {
		name, want, _ := strings.Cut(file.Name, " = ")
		t.Run(name, func(t *testing.T) {
			raw := strings.NewReplacer("ENVELOPE", s.envelope(id, ""), "MESSAGEID", s.MessageID(id)).Replace(string(file.Data))
			got, err := s.ReadReturn(strings.NewReader(strings.ReplaceAll(raw, "\n", "\r\n")))
			if err != nil {
				t.Fatal(err)
			}
			told := string(got.Class)
			if got.Code != "" {
				told += " " + got.Code
			}
			if got.Final {
				told += ", given up"
			}
			if told != want {
				t.Errorf("told %q, want %q", told, want)
			}
			known := got.ID == id || (len(got.MessageIDs) > 0 && got.MessageIDs[0] == s.MessageID(id))
			if want := strings.Contains(raw, s.MessageID(id)) || strings.Contains(raw, s.envelope(id, "")); known != want {
				t.Errorf("ids %q %q", got.ID, got.MessageIDs)
			}
		})
	}
}

func TestAForgedEnvelopeNamesNoMessage(t *testing.T) {
	s := testSender("bounce.example.ch")
	raw := "To: b+abcdefghijklmnopqrstuvwxyz.aaaaaaaaaaaaaaaa@bounce.example.ch\r\nFrom: MAILER-DAEMON@x\r\n\r\n550 5.1.1"
	got, err := s.ReadReturn(strings.NewReader(raw))
	if err != nil || got.ID != "" {
		t.Errorf("ReadReturn = %+v, %v", got, err)
	}
}

func TestWhatIsNoMessageIsRefused(t *testing.T) {
	for _, raw := range []string{"", "no header at all", "\r\n\r\nbody"} {
		if got, err := testSender("").ReadReturn(strings.NewReader(raw)); err == nil {
			t.Errorf("ReadReturn(%q) = %+v", raw, got)
		}
	}
}

func FuzzReadReturn(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/returns.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(string(file.Data))
	}
	s := testSender("bounce.example.ch")
	f.Fuzz(func(t *testing.T, raw string) {
		var got Return
		var err error
		boundtest.Quick(t, func() { got, err = s.ReadReturn(strings.NewReader(raw)) })
		if err == nil && len(got.Code) > 9 {
			t.Errorf("code %q", got.Code)
		}
	})
}
