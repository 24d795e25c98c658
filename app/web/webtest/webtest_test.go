package webtest

import (
	"fmt"
	"net/smtp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestSelectorsFindWhatTheySay(t *testing.T) {
	page, err := html.Parse(strings.NewReader(`<main data-state="open"><form id="f" class="a b"><input name="e_x.y" value="1"><p class="b">one</p></form><p>two</p></main>`))
	if err != nil {
		t.Fatal(err)
	}
	for selector, want := range map[string]int{
		"p": 2, "form p": 1, "main p": 2, "#f": 1, "form#f.a.b": 1, "form.c": 0, `[name="e_x.y"]`: 1, "main[data-state=open] input[name]": 1,
		"p form": 0, `main [name="a b"]`: 0, `[name^="e_"]`: 1, `[name^="x"]`: 0, `[name*="_x"]`: 1, "[name*=z]": 0,
	} {
		if got := len(find(page, selector)); got != want {
			t.Errorf("%q finds %d, want %d", selector, got, want)
		}
	}
}

func TestASelectorThatIsNotKnownIsRefused(t *testing.T) {
	for _, selector := range []string{"main > p", "p, form", "p:first", "form.a+p", "[name$=y]", "[class~=a]"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is taken", selector)
				}
			}()
			find(&html.Node{}, selector)
		}()
	}
}

func TestMailServerKeepsLetters(t *testing.T) {
	box := SMTP(t)
	box.Refuse = func(to string) error {
		if strings.HasPrefix(to, "no") {
			return fmt.Errorf("unknown")
		}
		return nil
	}
	if err := smtp.SendMail(box.Addr, nil, "a@example.ch", []string{"b@example.ch"}, []byte("Subject: x\r\n\r\nhello\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := smtp.SendMail(box.Addr, nil, "a@example.ch", []string{"no@example.ch"}, []byte("x")); err == nil {
		t.Error("a refused recipient was taken")
	}
	letters := box.Letters()
	if len(letters) != 1 || letters[0].To[0] != "b@example.ch" || !strings.Contains(string(letters[0].Raw), "hello") {
		t.Errorf("letters: %+v", letters)
	}
}
