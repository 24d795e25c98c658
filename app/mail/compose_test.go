package mail

import (
	"bytes"
	"io"
	"mime"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"
)

func testSender(bounce string) Sender {
	return Sender{From: "BSV Studie <studie@example.ch>", BounceDomain: bounce, Key: [32]byte{1, 2, 3}}
}

func testMessage() Message {
	return Message{
		ID: "abcdefghijklmnopqrstuvwxyz", To: "marta@exämple.ch", Subject: "Befragung für Ihre Firma",
		Text: "Guten Tag\n\nhttps://rondo.example.ch/r/abc\n\n.Punkt am Zeilenanfang", HTML: "<p>Grüezi</p>",
		Language: "de", StopURL: "https://rondo.example.ch/u/" + strings.Repeat("x", 58),
		Date: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC),
	}
}

func TestComposeGivesTheSameBytesForTheSameMessage(t *testing.T) {
	a, err := testSender("").Compose(testMessage())
	if err != nil {
		t.Fatal(err)
	}
	for range 50 { // often enough that an order taken from a map shows
		b, err := testSender("").Compose(testMessage())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Body, b.Body) || a.MessageID != b.MessageID {
			t.Fatalf("two compositions differ:\n%s\n%s", a.Body, b.Body)
		}
	}
}

func TestComposeWritesOneRecipientAndTheHeadersOfAMachine(t *testing.T) {
	letter, err := testSender("bounce.example.ch").Compose(testMessage())
	if err != nil {
		t.Fatal(err)
	}
	entity, err := message.Read(bytes.NewReader(letter.Body))
	if err != nil {
		t.Fatal(err)
	}
	word := new(mime.WordDecoder)
	subject, _ := word.DecodeHeader(entity.Header.Get("Subject"))
	for name, pair := range map[string][2]string{
		"To":                    {entity.Header.Get("To"), "<marta@xn--exmple-cua.ch>"},
		"Subject":               {subject, "Befragung für Ihre Firma"},
		"Auto-Submitted":        {entity.Header.Get("Auto-Submitted"), "auto-generated"},
		"Precedence":            {entity.Header.Get("Precedence"), ""},
		"Message-ID":            {entity.Header.Get("Message-ID"), "<" + letter.MessageID + ">"},
		"Content-Language":      {entity.Header.Get("Content-Language"), "de"},
		"List-Unsubscribe-Post": {entity.Header.Get("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click"},
		"Date":                  {entity.Header.Get("Date"), "Mon, 02 Mar 2026 08:00:00 +0000"},
		"envelope to":           {letter.To, "marta@xn--exmple-cua.ch"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s = %q, want %q", name, pair[0], pair[1])
		}
	}
	if got := entity.Header.Get("List-Unsubscribe"); !strings.HasPrefix(got, "<https://rondo.example.ch/u/") {
		t.Errorf("List-Unsubscribe = %q", got)
	}
	if strings.Contains(letter.MessageID, testMessage().ID) || !strings.HasPrefix(letter.From, "b+"+testMessage().ID+".") {
		t.Errorf("Message-ID %q, envelope %q", letter.MessageID, letter.From)
	}
	parts := entity.MultipartReader()
	for _, want := range []string{"Guten Tag", "<p>Grüezi</p>"} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		if body, _ := io.ReadAll(part.Body); !strings.Contains(string(body), want) {
			t.Errorf("part %q does not hold %q", body, want)
		}
	}
}

func TestALongSubjectIsFoldedAndReadsAsItWasWritten(t *testing.T) {
	for _, subject := range []string{
		strings.Repeat("Befragung der Unternehmen ", 5) + "2026",
		strings.Repeat("Enquête auprès des entreprises ", 4) + "é",
		"zwei  Leerzeichen " + strings.Repeat("und  noch  zwei ", 7) + "Ende ",
		strings.Repeat("ä", 120), "kurz", "",
	} {
		m := testMessage()
		m.Subject = subject
		letter, err := testSender("").Compose(m)
		if err != nil {
			t.Fatal(err)
		}
		entity, err := message.Read(bytes.NewReader(letter.Body))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := new(mime.WordDecoder).DecodeHeader(entity.Header.Get("Subject")); err != nil || got != strings.TrimSpace(subject) {
			t.Errorf("%q is read as %q, %v", subject, got, err)
		}
		head, _, _ := bytes.Cut(letter.Body, []byte("\r\n\r\n"))
		for line := range strings.SplitSeq(string(head), "\r\n") {
			if len(line) > 76 && !strings.Contains(line, "https://") || strings.TrimSpace(line) == "" {
				t.Errorf("a header line of %d bytes: %q", len(line), line)
			}
		}
	}
}

func TestComposeRefusesHeaderInjection(t *testing.T) {
	for name, spoil := range map[string]func(*Message){
		"subject":         func(m *Message) { m.Subject = "a\r\nBcc: x@y.ch" },
		"subject NUL":     func(m *Message) { m.Subject = "a\x00" },
		"recipient":       func(m *Message) { m.To = "a@b.ch\r\nBcc: x@y.ch" },
		"two recipients":  func(m *Message) { m.To = "a@b.ch, c@d.ch" },
		"stop link":       func(m *Message) { m.StopURL = "https://x/u/\n" },
		"language":        func(m *Message) { m.Language = "de\r\nX: y" },
		"bare line feed":  func(m *Message) { m.Subject = "a\nb" },
		"recipient empty": func(m *Message) { m.To = "" },
	} {
		t.Run(name, func(t *testing.T) {
			m := testMessage()
			spoil(&m)
			if letter, err := testSender("").Compose(m); err == nil {
				t.Errorf("composed %q", letter.Body)
			}
		})
	}
}
