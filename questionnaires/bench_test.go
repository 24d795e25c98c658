package questionnaires

import (
	"math/rand/v2"
	"testing"
)

// officeAnswers are a complete set for the office questionnaire.
func officeAnswers() (*Questionnaire, Answers) {
	q := Newest("office")
	return q, q.Random(rand.New(rand.NewPCG(1, 1)), someSetting, nil)
}

// BenchmarkRow writes the dataset row of one response, indices included.
func BenchmarkRow(b *testing.B) {
	q, a := officeAnswers()
	b.ReportAllocs()
	for b.Loop() {
		q.Row(a)
	}
}

// BenchmarkPipe fills the header of a page, and a text without placeholders.
func BenchmarkPipe(b *testing.B) {
	q, a := officeAnswers()
	plain := q.Question("o_fte_total").Label
	b.ReportAllocs()
	for b.Loop() {
		q.Pipe(q.Header, "de", a, someSetting)
		q.Pipe(plain, "de", a, someSetting)
	}
}

// BenchmarkReadVersion reads and lints a version; it may take 50 ms.
func BenchmarkReadVersion(b *testing.B) {
	dir := builtinFolder(b, "office/2")
	for b.Loop() {
		q, _, err := ReadDir(dir)
		if err != nil {
			b.Fatal(err)
		}
		Lint(q)
	}
}
