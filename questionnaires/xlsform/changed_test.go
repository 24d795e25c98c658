package xlsform_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"rondo/questionnaires"
	"rondo/questionnaires/xlsform"
)

// changed exports employer/2, lets somebody change cells as in a spreadsheet
// (named by the row's name and the column's header), and imports it again.
func changed(t *testing.T, changes map[[2]string]string) *xlsform.Result {
	t.Helper()
	return changedOf(t, questionnaires.Newest("employer"), changes)
}

func changedOf(t *testing.T, q *questionnaires.Questionnaire, changes map[[2]string]string) *xlsform.Result {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(export(t, q)))
	must(t, err)
	defer book.Close()
	rows, err := book.GetRows("survey")
	must(t, err)
	for where, text := range changes {
		row := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 1 && r[1] == where[0] })
		column := slices.Index(rows[0], where[1])
		if row < 0 || column < 0 {
			t.Fatalf("there is no cell %v", where)
		}
		cell, err := excelize.CoordinatesToCellName(column+1, row+1)
		must(t, err)
		must(t, book.SetCellStr("survey", cell, text))
	}
	result, err := xlsform.Read(bytesOf(t, book), "employer", 2)
	must(t, err)
	return result
}

func noted(t *testing.T, r *xlsform.Result, want string) {
	t.Helper()
	if !slices.ContainsFunc(r.Notes, func(n xlsform.Note) bool { return strings.Contains(n.String(), want) }) {
		t.Errorf("the report does not say %q: %v", want, r.Notes)
	}
}

func TestAChangedWordingIsTheOnlyChange(t *testing.T) {
	r := changed(t, map[[2]string]string{{"e_since", "label::English (en)"}: "Since when?", {"e_comment", "hint::English (en)"}: "No names, please."})
	if got := r.Questionnaire.Question("e_since").Label["en"]; got != "Since when?" {
		t.Errorf("label %q", got)
	}
	if got := r.Questionnaire.Question("e_comment").Notes[0].Text["en"]; got != "No names, please." {
		t.Errorf("note %q", got)
	}
	var words []string
	for _, c := range questionnaires.Compare(questionnaires.Newest("employer"), r.Questionnaire) {
		words = append(words, c.Variable+" "+c.Kind)
	}
	if len(words) != 2 || len(r.Notes) != 0 {
		t.Errorf("changes %v, notes %v", words, r.Notes)
	}
}

func TestAChangedConditionCountsAndOurOwnWordsBesideItNoMore(t *testing.T) {
	source := func(r *xlsform.Result) string { return r.Questionnaire.Question("e_initiator_time").If.Source() }
	r := changed(t, map[[2]string]string{{"e_initiator_time", "relevant"}: "${e_initiator} != 'company'"})
	if source(r) != `not (e_initiator == "company")` || len(r.Notes) != 0 {
		t.Errorf("condition %s, notes %v", source(r), r.Notes)
	}
	files, err := questionnaires.Write(questionnaires.Newest("employer"))
	must(t, err)
	files[questionnaires.StructureFile] = bytes.ReplaceAll(files[questionnaires.StructureFile],
		[]byte(`'e_initiator == "company"'`), []byte(`'(e_initiator == "company")'`))
	q, found, err := questionnaires.ReadFiles(files)
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	if r = changedOf(t, q, nil); source(r) != `(e_initiator == "company")` || len(r.Notes) != 0 {
		t.Errorf("unchanged: condition %s, notes %v", source(r), r.Notes)
	}
	if r = changedOf(t, q, map[[2]string]string{{"e_initiator_time", "relevant"}: "${e_initiator} = 'insurer'"}); source(r) != `e_initiator == "insurer"` {
		t.Errorf("changed: condition %s", source(r))
	}
	noted(t, r, "relevant: stale: the cell has been changed; our own words beside it do not count: (e_initiator ==")
}

func TestAChangedConstraintBecomesLimitsOrACheck(t *testing.T) {
	r := changed(t, map[[2]string]string{
		{"e_comment", "constraint"}: "string-length(.) <= 500",
		{"e_known", "constraint"}:   "not(selected(., 'none') and count-selected(.) > 1) and count-selected(.) <= 4",
		{"e_reasons", "constraint"}: "not(selected(., 'hire') and ${e_cases} = '0')",
	})
	q := r.Questionnaire
	if got := q.Question("e_comment").MaxLength; got != 500 {
		t.Errorf("max_length %d", got)
	}
	if got := q.Question("e_known"); got.Most != 4 || !got.Option("none").Exclusive {
		t.Errorf("most %d, none %+v", got.Most, got.Option("none"))
	}
	check := q.Checks[len(q.Checks)-1]
	if check.Question != "e_reasons" || check.Soft || check.Fails.Source() != `answered(e_reasons) and "hire" in e_reasons and e_cases == 0` {
		t.Errorf("check %+v fails where %s", check, check.Fails.Source())
	}
	noted(t, r, "constraint: constraint: what goes beyond limits becomes the check e_reasons_check")
}

func TestAQuestionThatIsAddedComesInWithItsColumnsOfOurs(t *testing.T) {
	book, err := excelize.OpenReader(bytes.NewReader(export(t, questionnaires.Newest("discussion"))))
	must(t, err)
	defer book.Close()
	rows, err := book.GetRows("survey")
	must(t, err)
	at := slices.IndexFunc(rows, func(r []string) bool { return len(r) > 1 && r[1] == "g_mode" }) + 1
	must(t, book.InsertRows("survey", at, 1))
	for header, text := range map[string]string{"type": "integer", "name": "g_rooms", "label::English (en)": "How many rooms?", "constraint": ". >= 1 and . <= 9",
		"required": "yes", "rondo_role": "plain", "rondo_unit::English (en)": "rooms"} {
		cell, err := excelize.CoordinatesToCellName(slices.Index(rows[0], header)+1, at)
		must(t, err)
		must(t, book.SetCellStr("survey", cell, text))
	}
	r, err := xlsform.Read(bytesOf(t, book), "discussion", 2)
	must(t, err)
	qu := r.Questionnaire.Question("g_rooms")
	if qu == nil || *qu.Min != 1 || *qu.Max != 9 || !qu.Required || qu.Role != "plain" || qu.Unit["en"] != "rooms" || len(r.Notes) != 0 {
		t.Errorf("question %+v, notes %v", qu, r.Notes)
	}
}
