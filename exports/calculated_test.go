package exports

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rondo/questionnaires"
)

// TestCalculatedVariablesStayInTheHouse holds what plan.go says about them: the
// internal file has each as a described column, no release has any.
func TestCalculatedVariablesStayInTheHouse(t *testing.T) {
	m := wave(t, "office/2", 23, 11)
	_, bundle := build(t, m, Internal)
	files := unzip(t, bundle)
	data := lines(t, files["data/office.csv"])
	at := slices.Index(data[0], "o_type_a_centred")
	if at < 0 {
		t.Fatalf("no index among %v", data[0])
	}
	values := map[string]bool{}
	for _, line := range data[1:] {
		values[line[at]] = true
	}
	if len(values) < 4 {
		t.Errorf("the index takes the values %v", values)
	}
	ddi, book := string(files["codebook/ddi-codebook-2.5.xml"]), string(files["codebook/codebook.csv"])
	for what, part := range map[string]string{
		"words in the DDI":       "Typ A, innovationsorientiert, zentriert",
		"the formula in the DDI": `<drvcmd syntax="Rondo">mean(o_type__a_new_measures, o_type__a_whole_company`,
	} {
		if !strings.Contains(ddi, part) {
			t.Errorf("the codebook lacks %s", what)
		}
	}
	if !strings.Contains(book, "o_type_a,number,sensitive,open,") || !strings.Contains(book, "; valid 3; decimals 2") {
		t.Error("the codebook does not describe the index")
	}

	for _, profile := range []string{Scientific, Public} {
		plan, err := PlanFor(builtin(t, "employer/2"), profile)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, c := range plan.Choices {
			if c.Column.Calculated == nil {
				continue
			}
			if found++; c.Treatment != Dropped || c.Why != "calculated" || Reason(c.Why).In("it") == "" {
				t.Errorf("%s: %s is %s because of %s", profile, c.Column.Name, c.Treatment, c.Why)
			}
		}
		if found != 6 {
			t.Errorf("%s: the plan names %d indices", profile, found)
		}
	}
}

func TestACalculatedVariableNeedsARole(t *testing.T) {
	q := made(t, "pages: [{code: p1, questions: [{code: a, kind: integer, role: plain, min: 0, max: 9}]}]\ncalculated: [{code: c, value: a + 1}]")
	if _, err := PlanFor(q, Internal); err == nil || !strings.Contains(err.Error(), "c") {
		t.Errorf("planned without a role: %v", err)
	}
}

// made reads a questionnaire for employers that has no words.
func made(t *testing.T, structure string) *questionnaires.Questionnaire {
	t.Helper()
	files := map[string][]byte{questionnaires.StructureFile: []byte("key: employer\nversion: 9\n" + structure)}
	for _, lang := range questionnaires.Languages {
		files[questionnaires.TextFile(lang)] = []byte("title: T")
	}
	q, found, err := questionnaires.ReadFiles(files)
	if err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	return q
}

// TestConditionsOfRowsAndOptionsAreClosedLikeThoseOfQuestions: whether a row was
// asked, or an option chosen, tells what its condition looks at; behind a
// calculated variable that is what this is computed from.
func TestConditionsOfRowsAndOptionsAreClosedLikeThoseOfQuestions(t *testing.T) {
	q := made(t, `pages:
  - code: p1
    questions:
      - {code: e_size, kind: single, role: qi(size), options: ["1-9", "10-49", "50-249", "250+"]}
      - {code: a, kind: single, role: plain, options: ["1", "2", "3"]}
      - {code: m, kind: matrix, role: plain, options: ["1", "2"], rows: [always, {code: big, if: e_size == "250+"}]}
      - {code: s, kind: single, role: plain, options: [x, {code: y, if: e_size == "250+"}]}
      - {code: t, kind: multi, role: plain, options: [x, {code: y, if: twice > 2}]}
calculated: [{code: twice, value: a * 2, role: plain}]`)
	plan, err := PlanFor(q, Scientific)
	if err != nil {
		t.Fatal(err)
	}
	sh := &sheet{choices: plan.Kept()}
	names := func(at []int) string {
		var out []string
		for _, j := range at {
			out = append(out, sh.choices[j].Column.Name)
		}
		return strings.Join(out, " ")
	}
	var got []string
	for _, r := range sh.routesOf(plan, nil) {
		got = append(got, fmt.Sprintf("%s decides %s", names(r.shown), names(r.decide)))
	}
	slices.Sort(got)
	want := []string{"a decides t__x t__y", "e_size decides m__big", "e_size decides s"}
	if !slices.Equal(got, want) {
		t.Errorf("routes %q, want %q", got, want)
	}
}
