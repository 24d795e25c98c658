package questionnaires

import "strconv"

// Languages are the languages of every questionnaire, the default first.
var Languages = []string{"de", "fr", "it", "en"}

// Text holds the same words in each language, by language code.
type Text map[string]string

// In gives the words in lang, else in the default language.
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	return t[Languages[0]]
}

// Kind is the kind of a question.
type Kind string

// The kinds of question.
const (
	Single   Kind = "single"  // one of the options
	Multi    Kind = "multi"   // any of the options
	Matrix   Kind = "matrix"  // one option (scale point) for each row
	Integer  Kind = "integer" // a whole number
	Decimal  Kind = "decimal" // a number with a fixed count of decimals
	LongText Kind = "text"    // typed text
	Ranking  Kind = "ranking" // the first n of the options, in order
	YesNo    Kind = "yesno"   // a single with the codes 1, 0 and, where offered, 98
	Date     Kind = "date"    // a calendar day, ISO 8601
	Numbers  Kind = "numbers" // a whole number for each row
	Texts    Kind = "texts"   // a text for each row
)

// Role is the disclosure role of a question (reference/anonymisation.md 1.3):
// "direct", "qi(size)", "qi(branch)", "qi(canton)", "stable_fact",
// "public_fact", "sensitive_high", "sensitive", "plain", "freetext".
type Role string

// Questionnaire is one version of one instrument.
type Questionnaire struct {
	Key     string // office, employer, discussion
	Version int
	Hash    string // SHA-256, hex, over the canonical structure and words
	Minutes int    // how long answering takes
	Title   Text
	Intro   Text
	Notes   []Note // shown below the intro, in order
	Header  Text   // line above the questions, with placeholders; may be empty
	Pages   []*Page
	Checks  []Check // plausibility over several questions, in the order declared

	Calculated []*Calculated // variables nobody is asked: indices, sums; in the order declared

	byCode    map[string]*Question
	symbols   symbols // every variable by name
	places    int     // length of view.hidden
	byPage    map[string]*Page
	questions []*Question     // of all pages, in order
	unused    []string        // scales and answers outside them that no question has
	words     map[string]Text // as the text files have them, by place (questions/e_since/label)
}

// Ref prints the questionnaire as key/version.
func (q *Questionnaire) Ref() string { return q.Key + "/" + strconv.Itoa(q.Version) }

// Note is a text shown for information, such as a definition or a promise.
type Note struct {
	Code string // PRIVACY_EMPLOYER, DEF_CASE, NOTICE_TEXT …
	Text Text
}

// Page is what a respondent sees at once.
type Page struct {
	Code      string
	Title     Text
	Notes     []Note
	If        *Condition // nil: always
	Questions []*Question

	fields map[string]field // what a post of this page may hold
}

// Check is a rule over several answers that the questionnaire declares itself.
type Check struct {
	Code     string
	Question string     // the question that shows it; it looks at this and earlier ones only
	Fails    *Condition // the check fails where this holds; missing answers never fail one
	Soft     bool       // a warning, which does not keep anyone from going on
	Release  bool       // applied by Releasable only, not while answering
	Text     Text       // what the person reads
}

// Question is one question of a page.
type Question struct {
	Code      string
	Kind      Kind
	Required  bool
	If        *Condition // nil: always; the page's condition holds as well
	Label     Text
	Notes     []Note   // shown with the question (NOTICE_TEXT)
	Options   []Option // single, multi, yesno, ranking; the scale of a matrix
	Rows      []Row    // matrix, numbers, texts
	Min, Max  *float64 // integer, decimal, numbers
	Decimals  int      // decimal
	Unit      Text     // integer, decimal, numbers; may be empty
	MaxLength int      // text, texts: characters
	Top       int      // ranking: how many may be ranked; `top: all` gives the number of options
	Least     int      // multi: at least so many ticks, where anything but an exclusive option is ticked; 0: no limit
	Most      int      // multi: at most so many ticks; 0: no limit
	Initial   []string // the answer a page proposes where nothing is answered yet: option codes, a number, a text or an ISO 8601 day
	SumEquals *float64 // numbers: the rows must sum to this
	SumMin    *float64 // numbers: the rows must sum to at least this
	NotFuture bool     // date
	Prefill   bool     // filled in by the service from Setting.Prefill and read-only
	Default   bool     // text: where nothing is answered yet the page proposes Setting.Prefill; may be corrected
	Offices   bool     // the options are limited to Setting.Offices
	Shuffle   bool
	Role      Role

	at        int      // place among all questions
	from      int      // place of its first variable among those of all questions
	variables []string // see Variables
	parted    bool     // some rows or options have a condition of their own
}

// Option is one answer of a closed question, or one point of a scale.
type Option struct {
	Code      string
	Label     Text
	If        *Condition // nil: always offered; never on a point of a shared scale
	Exclusive bool       // multi: excludes all others
	Other     bool       // opens a text field code_other
	Missing   Missing    // 90, 94, 98: stored as a reason, shown apart from the scale

	place int // where view.hidden says whether it is offered; 0: always
}

// Row is one row of a matrix, or of numbers or texts per row.
type Row struct {
	Code       string
	Label      Text
	If         *Condition // nil: always asked; it looks at earlier questions only
	RequiredIf *Condition // texts: this row must be filled where it holds

	place int // where view.hidden says whether it is asked; 0: always
}

// Setting is what a wave puts into a questionnaire.
type Setting struct {
	RefFrom, RefTo int               // {ref_from}, {ref_to}
	Office         Text              // {office}
	Prefill        map[string]string // question code → option code or text, for Question.Prefill and Question.Default
	Offices        []string          // office codes of the wave, for a list limited to them; nil: all
	Today          string            // ISO 8601, for Question.NotFuture
	Shuffle        int               // which of the (at most 8) permutations, 0…7
}
