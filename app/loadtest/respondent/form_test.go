package respondent

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// page has what forms are made of, and what looks like it but is not.
const page = `<!doctype html><html><body><form method="get" action="/search"><input name="q"></form>
<!-- <form method="post"><input name="old"></form> -->
<form class="a > b" method="post" action="/answer/e1?a=1&amp;b=2"><script>"<input name=no>"</script>
<input type="hidden" name="_tag" value="&lt;&#34;x&#34;&gt;"><input type=hidden name=_revision value='7'/>
<fieldset title="<input name='quoted'>"><label><input type="radio" name="a" value="1" > one</label>
<label><input type="radio" name="a" value="2" checked/> two</label><input type="checkbox"
	name="b" value="x" disabled=""></fieldset><input type="submit" value="nameless">
<select name="c"><option value="">…</option><option value="1" selected>A &amp; B</option></select>
<textarea name="d" rows="3">one &lt;b&gt;
<input name="typed"></textarea><button name="_go" value="next">Go</button><button>Plain</button></form>
<form method="POST"><input type="hidden" name="empty" value=""></form><p></p></body></html>`

func TestFormsAreReadAsABrowserReadsThem(t *testing.T) {
	root, err := html.Parse(bytes.NewReader([]byte(page)))
	if err != nil {
		t.Fatal(err)
	}
	want := []Form{
		{Action: "/answer/e1?a=1&b=2", Fields: []Field{
			{Name: "_tag", Type: "hidden", Value: `<"x">`},
			{Name: "_revision", Type: "hidden", Value: "7"},
			{Name: "a", Type: "radio", Values: []string{"1", "2"}, Value: "2"},
			{Name: "b", Type: "checkbox", Values: []string{"x"}},
			{Name: "c", Type: "select", Values: []string{"", "1"}, Value: "1"},
			{Name: "d", Type: "textarea", Value: "one <b>\n<input name=\"typed\">"},
			{Name: "_go", Type: "submit", Value: "next"},
		}},
		{Fields: []Field{{Name: "empty", Type: "hidden"}}},
	}
	if diff := cmp.Diff(want, forms([]byte(page))); diff != "" {
		t.Error(diff)
	}
	var names, parsed []string
	for _, f := range want {
		for _, field := range f.Fields {
			names = append(names, field.Name)
		}
	}
	seen := map[string]bool{"q": true} // the form that is not sent by POST
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "name" && !seen[a.Val] {
				seen[a.Val] = true
				parsed = append(parsed, a.Val)
			}
		}
	}
	if diff := cmp.Diff(parsed, names); diff != "" {
		t.Errorf("a parser of HTML sees other fields: %s", diff)
	}
}

func TestAPageThatBreaksOffIsReadToItsEnd(t *testing.T) {
	for i := range page {
		forms([]byte(page[:i])) // must come back
		forms([]byte(page[:i] + "</form>"))
	}
}
