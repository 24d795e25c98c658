package questionnaires

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// someRecord is a response to one of the built-in questionnaires, with all that a record may hold.
func someRecord(r *rand.Rand, ref string) Record {
	q, err := Builtin(ref)
	if err != nil {
		panic(err)
	}
	record := Record{Questionnaire: ref, Hash: q.Hash, Language: "fr", Shuffle: r.IntN(8), Answers: q.Random(r, someSetting, nil)}
	if r.IntN(2) == 0 {
		record.Office = "ZH"
	}
	if r.IntN(2) == 0 {
		record.Stratum = map[string]string{"group": "G1", "strategy": "yes"}
	}
	if r.IntN(4) == 0 {
		record.Answers["e_comment"] = Value{Text: "Müller & <Söhne>\n\"so\" \\ \u2028 \x01 😀 \xff"}
	}
	return record
}

func TestReadRecordReadsEveryResponseAsItWasWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, ref := range []string{"employer/1", "employer/2", "office/2", "discussion/2"} {
		for range 200 {
			line, err := json.Marshal(someRecord(r, ref))
			if err != nil {
				t.Fatal(err)
			}
			if answers := readsAlike(t, line); answers == nil {
				t.Fatalf("%s was left to encoding/json", line)
			}
		}
	}
}

func TestReadRecordLeavesWhatIsWrittenOtherwiseToJSON(t *testing.T) {
	const whole = `{"q":"employer/2","h":"x","l":"de","p":3,"a":{"e_a":{"c":["1","2"]},"e_b":{"n":1.5}}}`
	for _, c := range [][2]string{
		{`,"p":3`, ` ,"p":3`}, {`3`, `03`}, {`3`, `3.0`}, {`3`, `-3`}, {`"q"`, `"Q"`}, {`["1","2"]`, `[]`}, {`["1","2"]`, `null`}, {`["1","2"]`, `["1",]`}, {`["1","2"]`, `["1"`},
		{`1.5`, `01`}, {`1.5`, `1.`}, {`1.5`, `.5`}, {`1.5`, `1e999`}, {`1.5`, `null`}, {`"x"`, "\"\x01\""}, {`"x"`, "\"\xff\""}, {`"x"`, `"\x"`}, {`"x"`, `"\"`},
		{`"e_a":{`, `"e_a":null,"e_a":{`}, {`}}}`, `}}} `}, {`}}}`, `}}}}`}, {`}}}`, `}}`}, {`}}}`, `},}}`}, {`"l":"de"`, `"l":"de","s":{}`}, {`"l":"de"`, `"l":"de","s":null`}, {`{"n":1.5}`, `{}`}, {`{"n":1.5}`, `{"n":1.5,"t":"x"}`},
	} {
		line := strings.Replace(whole, c[0], c[1], 1)
		if line == whole {
			t.Fatalf("%q changes nothing", c[0])
		}
		readsAlike(t, []byte(line))
	}
}

func FuzzReadRecord(f *testing.F) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, ref := range []string{"employer/1", "discussion/2"} {
		line, err := json.Marshal(someRecord(r, ref))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Add([]byte(`{"q":"employer/2","h":"x","l":"de","o":"ZH","s":{"group":"G1"},"p":3,"a":{"e_a":{"c":["1"]},"e_b":{"n":-1.5e3},"e_c":{"t":"\u003c"},"e_d":{"m":98}}}`))
	f.Fuzz(func(t *testing.T, line []byte) { readsAlike(t, line) })
}

// readsAlike compares with encoding/json.
func readsAlike(t *testing.T, line []byte) (answers []byte) {
	t.Helper()
	var want Record
	wrong := json.Unmarshal(line, &want)
	got, answers, err := ReadRecord(line)
	if (err == nil) != (wrong == nil) {
		t.Fatalf("%q: %v, encoding/json says %v", line, err, wrong)
	}
	if err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("%q is read as %+v, by encoding/json as %+v", line, got, want)
	}
	readsApart(t, line, want, wrong, answers)
	if answers != nil {
		var again Answers
		if err := json.Unmarshal(answers, &again); err != nil || !reflect.DeepEqual(again, got.Answers) {
			t.Fatalf("%q gives the answers %q: %v", line, answers, err)
		}
	}
	return answers
}

// readsApart reads the head of a line and its answers apart: they are those of the whole, or refused.
func readsApart(t *testing.T, line []byte, whole Record, wrong error, answers []byte) {
	t.Helper()
	got, written, err := ReadHead(line)
	if written != nil && err == nil {
		got.Answers, err = ReadAnswers(written)
	}
	if answers != nil && (err != nil || !bytes.Equal(written, answers)) {
		t.Fatalf("%q: the head leaves %q, %v", line, written, err)
	}
	if err == nil && (wrong != nil || !reflect.DeepEqual(got, whole)) {
		t.Fatalf("%q is read apart as %+v, whole as %+v, %v", line, got, whole, wrong)
	}
}

// BenchmarkReadRecord reads one response to the employer questionnaire.
func BenchmarkReadRecord(b *testing.B) {
	line, err := json.Marshal(someRecord(rand.New(rand.NewPCG(1, 1)), "employer/1"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		if _, _, err := ReadRecord(line); err != nil {
			b.Fatal(err)
		}
	}
}
