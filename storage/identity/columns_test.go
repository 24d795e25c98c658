package identity

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rondo/questionnaires/boundtest"
)

// FuzzPairs shows that the short way of reading an object of texts reads nothing else than
// encoding/json does, and refuses what that refuses.
func FuzzPairs(f *testing.F) {
	for _, raw := range []string{
		``, `{}`, `{ }`, `null`, `[]`, `{"a":"b"}`, `{"a":"b","c":"d"}`, `{"a":"b","a":"c"}`, `{"":""}`, `{"ü":"\u003c"}`, `{"a":"\""}`,
		`{"a":"b",}`, `{"a":"b"`, `{"a":"b"}}`, `{"a":1}`, `{"a":null}`, `{"a" : "b"}`, `{"a":"b""c":"d"}`, `{,"a":"b"}`, `{"a"}`, `{"a":}`, `{"a":"`,
		"{\"a\":\"\xff\"}", "{\"a\":\"\n\"}", "{\"a\":\"\x7f\"}",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var want, got map[string]string
		refused := json.Unmarshal([]byte(raw), &want)
		var err error
		boundtest.Quick(t, func() { got = nil; err = pairs{&got}.Scan(raw) })
		if (err == nil) != (refused == nil) {
			t.Fatalf("%q: %v, want %v", raw, err, refused)
		}
		if diff := cmp.Diff(want, got); err == nil && diff != "" {
			t.Errorf("%q differs (-want +got):\n%s", raw, diff)
		}
	})
}

func TestAMissingRowHasNoTexts(t *testing.T) {
	word, words := "old", map[string]string{"old": ""}
	if err := (text{&word}).Scan(nil); err != nil || word != "" {
		t.Errorf("text = %q, %v", word, err)
	}
	if err := (pairs{&words}).Scan(nil); err != nil || words != nil {
		t.Errorf("pairs = %v, %v", words, err)
	}
}
