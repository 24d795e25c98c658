package outbox

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestTheWebPageOfAMessageSaysItsTextAndNothingElse(t *testing.T) {
	const text = "Grüezi <b>Muster & Söhne</b>\nzweite \"Zeile\"\n\nhttps://rondo.example.ch/r/a?b=1&c='2'\"><script>\n\njavascript:alert(1)\n\nhttps://rondo.example.ch is no link here"
	page := markup("de", `Betreff </title><script>x</script>`, text)
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	said, links := &bytes.Buffer{}, []string{}
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode && n.Parent.Data != "title":
			said.WriteString(n.Data)
		case n.Type == html.ElementNode && n.Data == "script":
			t.Error("words became a script")
		case n.Type == html.ElementNode && n.Data == "b":
			t.Error("words became markup")
		case n.Type == html.ElementNode && n.Data == "a":
			links = append(links, n.Attr[0].Val)
		}
	}
	want := strings.Join(strings.Fields("Betreff </title><script>x</script> "+text), " ")
	if got := strings.Join(strings.Fields(said.String()), " "); got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if len(links) != 1 || links[0] != "https://rondo.example.ch/r/a?b=1&c='2'\"><script>" {
		t.Errorf("links %q", links)
	}
}
