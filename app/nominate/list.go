package nominate

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rondo/app/mail"
)

// Employer is one line of a list of employers, or one nomination form, with
// its values understood. Line is 0 outside lists.
type Employer struct {
	Line                                              int
	Office, Name, Email, Language, Size, Branch, Town string
	Told                                              string // day on which the employer was told, 2026-11-03; "" where it was not
	Row                                               int    // of the office's own list, where rows are drawn; 0 where none is named
}

// Office is one line of a list of offices. Quota is 0 where the list names none.
type Office struct {
	Line                        int
	Code, Name, Email, Language string
	Head                        string            // address of the head; "": none given
	Names                       map[string]string // by language, where the list has such columns
	Quota                       int
}

// Problem is something wrong with one line or form. Its words stand in the
// catalogue below office.rule.
type Problem struct {
	Field string // name, email, language, size, branch, town, told, row, office, code, quota, head
	Rule  string // missing, bad_email, duplicate_in_list, over_quota …
	Args  map[string]any
	Soft  bool // pointed out only: the line is taken all the same
}

// Verdict is what a list says of one line.
type Verdict struct {
	Line     int
	Name     string
	Problems []Problem
}

// Good reports whether nothing speaks against taking the line.
func (v Verdict) Good() bool {
	for _, p := range v.Problems {
		if !p.Soft {
			return false
		}
	}
	return true
}

// AllGood reports whether a list may be taken: it has lines, and each is good.
func AllGood(verdicts []Verdict) bool {
	for _, v := range verdicts {
		if !v.Good() {
			return false
		}
	}
	return len(verdicts) > 0
}

// ReadEmployers reads a list of employers. own is the code of the office whose
// list it is, so that the column office may be missing; "" where staff bring a
// list for many offices. The error is a *FileProblem.
func ReadEmployers(raw []byte, own string) ([]Employer, []Verdict, error) {
	list, err := readTable(raw)
	if err != nil {
		return nil, nil, err
	}
	office := "office"
	wanted, optional := []string{"office", "name", "email", "language", "size", "branch"}, []string{"town"}
	if own != "" {
		office, wanted, optional = "own", wanted[1:], []string{"own", "town", "row", "told"}
	}
	at, problem := list.settle(wanted, optional)
	if problem != nil {
		return nil, nil, problem
	}
	employers, verdicts := make([]Employer, 0, len(list.rows)), make([]Verdict, 0, len(list.rows))
	for _, r := range list.rows {
		typed := Employer{
			Line: r.line, Office: r.cell(at, office), Name: r.cell(at, "name"), Email: r.cell(at, "email"),
			Language: r.cell(at, "language"), Size: r.cell(at, "size"), Branch: r.cell(at, "branch"), Town: r.cell(at, "town"),
			Told: r.cell(at, "told"), Row: Row(r.cell(at, "row")),
		}
		e, problems := Understand(typed, own)
		employers = append(employers, e)
		verdicts = append(verdicts, Verdict{Line: r.line, Name: e.Name, Problems: problems})
	}
	if len(employers) == 0 {
		return nil, nil, &FileProblem{Rule: "empty"}
	}
	return employers, verdicts, nil
}

func (r row) cell(at map[string]int, field string) string {
	if i, ok := at[field]; ok && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

// Understand turns what was typed for one employer into codes and says what is
// wrong with it. Values that are wrong stay as typed, but the office is own where
// there is one. own as in ReadEmployers.
func Understand(typed Employer, own string) (Employer, []Problem) {
	e := typed
	var problems []Problem
	wrong := func(field, rule string, args map[string]any) {
		problems = append(problems, Problem{Field: field, Rule: rule, Args: args})
	}
	switch {
	case own != "" && (e.Office == "" || strings.EqualFold(e.Office, own)):
		e.Office = own
	case own != "":
		e.Office = own // the wave is asked about this office, whatever stands in the column
		wrong("office", "other_office", nil)
	case e.Office == "":
		wrong("office", "missing", nil)
	default:
		e.Office = strings.ToUpper(e.Office)
	}
	e.Name = words(e.Name, "name", 200, true, wrong)
	e.Email = address(e.Email, wrong)
	e.Language = coded(e.Language, "language", "bad_language", Language, wrong)
	e.Size = coded(e.Size, "size", "bad_size", Size, wrong)
	e.Branch = coded(e.Branch, "branch", "bad_branch", Branch, wrong)
	e.Town = words(e.Town, "town", 100, false, wrong)
	if day, ok := Day(e.Told); ok {
		e.Told = day
	} else {
		wrong("told", "bad_date", nil)
	}
	return e, problems
}

// ReadOffices reads a list of offices; is says whether a code is one of the 26.
// The error is a *FileProblem.
func ReadOffices(raw []byte, is func(code string) bool) ([]Office, []Verdict, error) {
	list, err := readTable(raw)
	if err != nil {
		return nil, nil, err
	}
	at, problem := list.settle([]string{"code", "name", "email", "language"}, []string{"head", "quota", "name_de", "name_fr", "name_it", "name_en"})
	if problem != nil {
		return nil, nil, problem
	}
	offices, verdicts := make([]Office, 0, len(list.rows)), make([]Verdict, 0, len(list.rows))
	for _, r := range list.rows {
		o, problems := r.office(at, is)
		offices = append(offices, o)
		verdicts = append(verdicts, Verdict{Line: r.line, Name: o.Name, Problems: problems})
	}
	if len(offices) == 0 {
		return nil, nil, &FileProblem{Rule: "empty"}
	}
	return offices, verdicts, nil
}

func (r row) office(at map[string]int, is func(string) bool) (Office, []Problem) {
	o := Office{Line: r.line, Code: strings.ToUpper(r.cell(at, "code")), Names: map[string]string{}}
	var problems []Problem
	wrong := func(field, rule string, args map[string]any) {
		problems = append(problems, Problem{Field: field, Rule: rule, Args: args})
	}
	switch {
	case o.Code == "":
		wrong("code", "missing", nil)
	case !is(o.Code):
		wrong("code", "unknown_office", map[string]any{"office": o.Code})
	}
	o.Name = words(r.cell(at, "name"), "name", 200, true, wrong)
	o.Email = address(r.cell(at, "email"), wrong)
	o.Head = head(r.cell(at, "head"), o.Email, wrong)
	o.Language = coded(r.cell(at, "language"), "language", "bad_language", Language, wrong)
	for _, lang := range []string{"de", "fr", "it", "en"} {
		if name := words(r.cell(at, "name_"+lang), "name", 200, false, wrong); name != "" {
			o.Names[lang] = name
		}
	}
	if typed := r.cell(at, "quota"); typed != "" {
		n, err := strconv.Atoi(typed)
		if err != nil || n < 1 || n > 10_000 {
			wrong("quota", "bad_quota", nil)
		}
		o.Quota = n
	}
	return o, problems
}

type complain func(field, rule string, args map[string]any)

// looksLikeLink finds what a mail program would make a link of: names stand in
// messages, and a message leads nowhere but to us.
var looksLikeLink = regexp.MustCompile(`(?i)://|\bwww\.|@[\w-]+\.`)

// words reads a name: one line of text that is neither formula nor link.
func words(typed, field string, longest int, required bool, wrong complain) string {
	s := strings.Join(strings.Fields(Plain(typed)), " ")
	switch {
	case s == "" && required:
		wrong(field, "missing", nil)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		wrong(field, "bad_text", nil)
	case looksLikeLink.MatchString(s):
		wrong(field, "link", nil)
	case strings.HasPrefix(s, "="):
		wrong(field, "formula", nil)
	case utf8.RuneCountInString(s) > longest:
		wrong(field, "too_long", map[string]any{"max": longest})
	}
	return s
}

func address(typed string, wrong complain) string {
	if strings.TrimSpace(typed) == "" {
		wrong("email", "missing", nil)
		return ""
	}
	email, err := mail.Address(copied(typed))
	if err != nil {
		wrong("email", "bad_email", nil)
		return strings.TrimSpace(typed)
	}
	return email
}

// head reads the address of the head of an office, which may be missing but is not the office's.
func head(typed, office string, wrong complain) string {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return ""
	}
	address, err := mail.Address(copied(typed))
	switch {
	case err != nil:
		wrong("head", "bad_head", nil)
		return typed
	case mail.Normal(address) == mail.Normal(office):
		wrong("head", "head_same", nil)
	}
	return address
}

func coded(typed, field, rule string, read func(string) (string, bool), wrong complain) string {
	if strings.TrimSpace(typed) == "" {
		wrong(field, "missing", nil)
		return ""
	}
	code, ok := read(typed)
	if !ok {
		wrong(field, rule, nil)
		return typed
	}
	return code
}
