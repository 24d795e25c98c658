package views

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the approved files anew")

// kinds are the questions of testdata/question: each kind as it comes, filled and with problems.
func kinds() map[string][]Question {
	yes, no := Choice{ID: "c", Value: "1", Label: "Yes"}, Choice{ID: "c-2", Value: "98", Label: "Don’t know", Apart: true, If: "only if: a = 1"}
	chosen := no
	chosen.Chosen = true
	free, picked := []Choice{yes, no}, []Choice{yes, chosen}
	ranks := []Choice{{Value: "1", Label: "Rank 1", Chosen: true}, {Value: "2", Label: "Rank 2"}}
	plain := Question{Code: "c", Label: "What?", Optional: true, Hint: "Like this.", Described: "hint-c"}
	full := Question{
		Code: "c", Label: "What?", If: "a = 1", Notes: []string{"One.", "Two."}, Errors: []string{"Wrong.", "Very wrong."}, Described: "error-c hint-c",
		Hint: "Like this.", Value: "typed", Unit: "years", Long: true, Most: 2000, Other: &Other{Name: "c_other", Value: "typed", Label: "Other", Code: "o"},
	}
	row := Row{ID: "c.r", Name: "c.r", Label: "Row"}
	bad := Row{ID: "c.s", Name: "c.s", Label: "Second", If: "only if: b = 2", Value: "typed", Error: "No number.", Heads: true}
	all := map[string][]Question{}
	for _, kind := range []string{"single", "multi", "select", "matrix", "numbers", "texts", "ranking", "date", "text", "prefilled", "integer", "decimal"} {
		one, two := plain, full
		one.Kind, two.Kind = kind, kind
		switch kind {
		case "single", "multi", "select":
			one.Options, two.Options = free, picked
		case "matrix", "ranking":
			first, second := row, bad
			first.Options, second.Options = free, picked
			if kind == "ranking" {
				first.Options, second.Options = ranks, ranks
			}
			one.Heads, two.Heads = free, picked
			one.Rows, two.Rows = []Row{first}, []Row{first, second}
		case "numbers", "texts":
			one.Rows, two.Rows = []Row{row}, []Row{row, bad}
		case "date":
			one.Day, two.Day = []Row{row}, []Row{row, bad}
		}
		all[kind] = []Question{one, two}
	}
	return all
}

// TestEachKindOfQuestionIsWrittenAsApproved compares with testdata/question; go test -update writes
// the files anew, to be looked at before they are kept.
func TestEachKindOfQuestionIsWrittenAsApproved(t *testing.T) {
	words, err := questionWordsIn("en")
	if err != nil {
		t.Fatal(err)
	}
	for kind, questions := range kinds() {
		var got strings.Builder
		for _, q := range questions {
			got.WriteString(string(words.question(q)) + "\n")
		}
		path := filepath.Join("testdata", "question", kind+".html")
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) {
			t.Errorf("%s is not as approved:\n%s", kind, got.String())
		}
	}
}

const hostile = "<script>\"'&\x00"

// TestHostileWordsComeOutEscaped puts hostile words into every field, whatever fields come to be:
// tags and attributes must stay those of harmless words, and no hostile character may stand as it is.
func TestHostileWordsComeOutEscaped(t *testing.T) {
	words, err := questionWordsIn("fr")
	if err != nil {
		t.Fatal(err)
	}
	for kind, questions := range kinds() {
		for _, q := range questions {
			harmless, n := string(words.question(poisoned(q, "x"))), 0
			attacked := string(words.question(poisoned(q, hostile)))
			if got, want := shape(t, attacked, &n), shape(t, harmless, new(int)); got != want {
				t.Errorf("%s has other tags than with harmless words:\n%s\n%s", kind, got, want)
			}
			if n == 0 || strings.Contains(attacked, "<script") || strings.ContainsRune(attacked, 0) || strings.Contains(attacked, `"'&`) {
				t.Errorf("%s lets hostile words pass, or shows none:\n%s", kind, attacked)
			}
		}
	}
}

// poisoned gives q with word in each of its texts except the kind, which decides what is written.
func poisoned(q Question, word string) Question {
	kind := q.Kind
	poison(reflect.ValueOf(&q).Elem(), word)
	q.Kind = kind
	return q
}

func poison(v reflect.Value, word string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(word)
	case reflect.Slice:
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(fresh, v)
		for i := range fresh.Len() {
			poison(fresh.Index(i), word)
		}
		v.Set(fresh)
	case reflect.Pointer:
		if !v.IsNil() {
			fresh := reflect.New(v.Type().Elem())
			fresh.Elem().Set(v.Elem())
			poison(fresh.Elem(), word)
			v.Set(fresh)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			poison(v.Field(i), word)
		}
	}
}

// shape gives the tags of a piece of HTML with the names of their attributes, and counts in n the
// places where hostile words stand as words.
func shape(t *testing.T, piece string, n *int) string {
	t.Helper()
	shown := strings.ReplaceAll(hostile, "\x00", "\uFFFD")
	var out strings.Builder
	for z := html.NewTokenizer(strings.NewReader(piece)); ; {
		if z.Next() == html.ErrorToken {
			return out.String()
		}
		token := z.Token()
		*n += strings.Count(token.Data, shown)
		if token.Type == html.TextToken {
			continue
		}
		out.WriteString("<" + token.Type.String() + " " + token.Data)
		for _, a := range token.Attr {
			*n += strings.Count(a.Val, shown)
			out.WriteString(" " + a.Key)
		}
	}
}
