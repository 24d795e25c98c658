package exports

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// spoolFile is a spool as the commands use it.
func spoolFile(t *testing.T) *os.File {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestTheCSVAloneHoldsTheBytesOfTheOneInTheBundle(t *testing.T) {
	for _, c := range []struct {
		ref string
		n   int
	}{{"employer/2", 1}, {"employer/2", 700}, {"office/2", 40}, {"discussion/2", 40}} {
		m := wave(t, c.ref, c.n, 31)
		name := m.snapshot.Population
		var bundle, alone bytes.Buffer
		if _, err := Build(context.Background(), m, Request{Wave: "2026", Population: name, Profile: Internal}, []byte("key"), &bundle); err != nil {
			t.Fatal(err)
		}
		n, err := CSV(context.Background(), m, "2026", name, []byte("key"), spoolFile(t), &alone)
		if err != nil || n != c.n {
			t.Fatalf("%s: %d records, %v", c.ref, n, err)
		}
		if !bytes.Equal(unzipped(t, bundle.Bytes(), "data/"+name+".csv"), alone.Bytes()) {
			t.Errorf("%s with %d records: the CSV alone is another", c.ref, c.n)
		}
	}
}

func unzipped(t *testing.T, bundle []byte, name string) []byte {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := zr.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestACSVHoldsTheSameBytesWhereTheAnswersComeAsWritten(t *testing.T) {
	m := wave(t, "employer/2", 300, 8)
	made := func() []byte {
		var out bytes.Buffer
		if _, err := CSV(context.Background(), m, "2026", "employer", []byte("key"), spoolFile(t), &out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	read := made()
	for i, r := range m.records {
		m.records[i].Written = asWritten(t, r)
	}
	both := made()
	for i := range m.records {
		m.records[i].Answers = nil
	}
	if !bytes.Equal(read, both) || !bytes.Equal(read, made()) {
		t.Error("the bytes depend on who reads the answers")
	}
	var bundle bytes.Buffer
	if _, err := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: Internal}, []byte("key"), &bundle); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read, unzipped(t, bundle.Bytes(), "data/employer.csv")) {
		t.Error("the bundle of written answers holds other data")
	}
}

func TestAReleaseOfWrittenAnswersIsThatOfReadOnes(t *testing.T) {
	m := wave(t, "employer/2", 300, 8)
	made := func() []byte {
		var out bytes.Buffer
		if _, err := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: Scientific}, []byte("key"), &out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	read := made()
	for i, r := range m.records {
		m.records[i].Answers, m.records[i].Written = nil, asWritten(t, r)
	}
	if !bytes.Equal(read, made()) {
		t.Error("the bytes depend on who reads the answers")
	}
}

func TestARecordWithoutAnyAnswerIsALineOfItsOwn(t *testing.T) {
	m := wave(t, "employer/2", 3, 8)
	for i, written := range [][]byte{nil, []byte("{}"), []byte("null")} {
		m.records[i] = Record{Written: written, Language: "de"}
	}
	var out bytes.Buffer
	if _, err := CSV(context.Background(), m, "2026", "employer", []byte("key"), spoolFile(t), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) != 5 || lines[1] != lines[2] || lines[1] != lines[3] {
		t.Errorf("%q", lines)
	}
}

func TestAnswersThatCannotBeReadLeaveInNoFile(t *testing.T) {
	m := wave(t, "employer/2", 20, 8)
	m.records[7].Answers, m.records[7].Written = nil, []byte(`{"e_contact":{"c":["HUSH"}}`)
	var out bytes.Buffer
	_, err := CSV(context.Background(), m, "2026", "employer", []byte("key"), spoolFile(t), &out)
	_, wrong := Build(context.Background(), m, Request{Wave: "2026", Population: "employer", Profile: Internal}, []byte("key"), &out)
	for _, err := range []error{err, wrong} {
		if !errors.Is(err, ErrSnapshot) || out.Len() > 0 || strings.Contains(err.Error(), "HUSH") {
			t.Errorf("%d bytes, %v", out.Len(), err)
		}
	}
}

func TestOfASnapshotThatBreaksOffNoCSVIsWritten(t *testing.T) {
	m := wave(t, "employer/2", 20, 8)
	m.snapshot.N = 21
	var out bytes.Buffer
	_, err := CSV(context.Background(), m, "2026", "employer", []byte("key"), spoolFile(t), &out)
	if !errors.Is(err, ErrSnapshot) || out.Len() > 0 {
		t.Errorf("%d bytes, %v", out.Len(), err)
	}
	m.records[7].Stratum = map[string]string{"name": "x"}
	m.snapshot.N = 20
	if _, err := CSV(context.Background(), m, "2026", "employer", []byte("key"), spoolFile(t), &out); !errors.Is(err, ErrSnapshot) || out.Len() > 0 {
		t.Errorf("with a record that carries more than declared: %d bytes, %v", out.Len(), err)
	}
	if _, err := CSV(context.Background(), m, "2026", "office", []byte("key"), spoolFile(t), &out); !errors.Is(err, ErrSnapshot) || out.Len() > 0 {
		t.Errorf("of another population: %d bytes, %v", out.Len(), err)
	}
}

func asWritten(t *testing.T, r Record) []byte {
	t.Helper()
	written, err := json.Marshal(r.Answers)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

func TestLinesAreReadBackInTheirOrder(t *testing.T) {
	const n = 2*backAtOnce + 3
	spool, lines, want := spoolFile(t), make([]line, n), "name\n"
	var rests bytes.Buffer
	for _, i := range rand.New(rand.NewPCG(6, 6)).Perm(n) {
		l := line{at: int64(rests.Len())}
		fmt.Fprintf(&rests, "line %d\n", i)
		l.length = int32(int64(rests.Len()) - l.at)
		lines[i] = l
	}
	for i := range n {
		want += fmt.Sprintf("line %d\n", i)
	}
	if _, err := rests.WriteTo(spool); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := unspool(context.Background(), spool, []string{"name"}, lines, &out); err != nil || out.String() != want {
		t.Errorf("%d bytes of %d, %v", out.Len(), len(want), err)
	}
	lines[n/2].at = 1 << 40
	if err := unspool(context.Background(), spool, []string{"name"}, lines, io.Discard); !errors.Is(err, io.EOF) {
		t.Errorf("a line that is not in the spool: %v", err)
	}
}
