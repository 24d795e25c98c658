package questionnaires

// Rule is one thing the reader and the linter look for.
type Rule struct {
	Name     string // as findings give it
	Sentence string // what is wrong where it is found
	Warning  bool   // worth a look, but no obstacle to publishing
}

// The rules of the form of the files (reading).
const (
	RuleNotAMapping       = "not_a_mapping"
	RuleUnknownKey        = "unknown_key"
	RuleMissingKey        = "missing_key"
	RuleNotAWord          = "not_a_word"
	RuleNotAList          = "not_a_list"
	RuleNotANumber        = "not_a_number"
	RuleNotWhole          = "not_whole"
	RuleNotTrueOrFalse    = "not_true_or_false"
	RuleNotWords          = "not_words"
	RuleBadReference      = "bad_reference"
	RuleBadCode           = "bad_code"
	RuleBadValue          = "bad_value"
	RuleDuplicateCode     = "duplicate_code"
	RuleDuplicateVariable = "duplicate_variable"
	RuleUnknownKind       = "unknown_kind"
	RuleUnknownQuestion   = "unknown_question"
	RuleUnknownScale      = "unknown_scale"
	RuleUnknownAnswer     = "unknown_answer"
	RuleUnusedScale       = "unused_scale"
	RuleUnusedAnswer      = "unused_answer"
	RuleNotOutside        = "not_outside"
	RuleOptionsAndKind    = "options_and_kind"
	RuleRowsAndKind       = "rows_and_kind"
	RuleLimitsAndKind     = "limits_and_kind"
	RuleMissingLimits     = "missing_limits"
	RuleBadRange          = "bad_range"
	RuleTooLong           = "too_long"
	RuleBadCondition      = "bad_condition"
	RuleLooksForward      = "looks_forward"
	RuleBadFormula        = "bad_formula"
	RuleBadInitial        = "bad_initial"
	RuleCycle             = "cycle"
)

// The rules of what the files say together (linting).
const (
	RuleEmpty              = "empty"
	RuleTooManyFields      = "too_many_fields"
	RuleTwoOthers          = "two_others"
	RuleNoRole             = "no_role"
	RuleUnknownRole        = "unknown_role"
	RuleRoleAndKind        = "role_and_kind"
	RuleMissingTranslation = "missing_translation"
	RuleStaleTranslation   = "stale_translation"
	RulePlaceholdersDiffer = "placeholders_differ"
	RuleUnknownPlaceholder = "unknown_placeholder"
	RuleSwissSpelling      = "swiss_spelling"
	RuleLongQuestion       = "long_question"
	RuleLongSentence       = "long_sentence"
	RuleCodeReused         = "code_reused"
	RuleNeverHolds         = "never_holds"
	RuleAlwaysHolds        = "always_holds"
	RuleNotDecided         = "not_decided"
	RuleUnreachable        = "unreachable"
	RuleNoValidAnswer      = "no_valid_answer"
	RuleCheckAlwaysFails   = "check_always_fails"
	RuleChecksContradict   = "checks_contradict"
)

// The rules of published files (see Published).
const (
	RuleBadLine          = "bad_line"
	RulePublishedMissing = "published_missing"
	RulePublishedChanged = "published_changed"
	RuleNotPublished     = "not_published"
)

// The rules of publishing and of folders that cannot be read.
const (
	RuleUnreadable       = "unreadable"
	RuleMissingFile      = "missing_file"
	RuleTooLarge         = "too_large"
	RulePublishedAlready = "published_already"
	RuleNumberPassed     = "number_passed"
	RuleWrongAgainst     = "wrong_against"
	RuleUnclassified     = "unclassified"
	RuleNothingChanged   = "nothing_changed"
)

// Rules is every rule there is, in the order of the authors' guide.
var Rules = []Rule{
	{RuleNotAMapping, "Here must stand keys with values.", false},
	{RuleUnknownKey, "The key is not part of the format, or the words belong to nothing in the structure.", false},
	{RuleMissingKey, "A key that must be there is not.", false},
	{RuleNotAWord, "Here must stand one word or number.", false},
	{RuleNotAList, "Here must stand a list.", false},
	{RuleNotANumber, "Here must stand a number.", false},
	{RuleNotWhole, "Here must stand a whole number, not below 0.", false},
	{RuleNotTrueOrFalse, "Here must stand true or false.", false},
	{RuleNotWords, "Here must stand words, in quotation marks.", false},
	{RuleBadReference, "The key of the questionnaire is no lower-case word, or its version no number from 1.", false},
	{RuleBadCode, "A code has characters that codes cannot have.", false},
	{RuleBadValue, "The key takes a few words only, and this is none of them.", false},
	{RuleDuplicateCode, "The same code stands twice, or two answers would be stored as the same missing value.", false},
	{RuleDuplicateVariable, "Two questions would keep their answers under the same name.", false},
	{RuleUnknownKind, "There is no such kind of question.", false},
	{RuleUnknownQuestion, "A check belongs to a question that does not exist.", false},
	{RuleUnknownScale, "There is no such scale.", false},
	{RuleUnknownAnswer, "There is no such answer outside the scales, or the scale has no such point to leave out.", false},
	{RuleUnusedScale, "No question uses the scale.", true},
	{RuleUnusedAnswer, "No question uses the answer outside the scales.", true},
	{RuleNotOutside, "An answer outside the scales has another code than 90, 94 and 98.", false},
	{RuleOptionsAndKind, "The kind of question needs options and has none, or has some and cannot.", false},
	{RuleRowsAndKind, "The kind of question needs rows and has none, or has some and cannot.", false},
	{RuleLimitsAndKind, "A limit or a property does not belong to this kind of question.", false},
	{RuleMissingLimits, "A number has no min or no max.", false},
	{RuleBadRange, "A smallest value is above the largest.", false},
	{RuleTooLong, "A text may be longer than the service accepts.", false},
	{RuleBadCondition, "The condition cannot be read, names what does not exist, or compares what cannot be compared.", false},
	{RuleLooksForward, "The condition, formula or placeholder looks at a question that comes later, or at itself.", false},
	{RuleBadFormula, "The formula cannot be read, or uses what is no number.", false},
	{RuleBadInitial, "The proposed answer is none that the question accepts.", false},
	{RuleCycle, "A calculated variable is computed from itself, directly or over others.", false},
	{RuleEmpty, "A questionnaire has no page, or a page no question.", false},
	{RuleTooManyFields, "A page has more form fields than one post may have.", false},
	{RuleTwoOthers, "Two options of a question open a text field.", false},
	{RuleNoRole, "A question has no disclosure role, so it could not be exported.", false},
	{RuleUnknownRole, "There is no such disclosure role.", false},
	{RuleRoleAndKind, "Typed text, and only it, has the role freetext.", false},
	{RuleMissingTranslation, "There are no words in this language.", false},
	{RuleStaleTranslation, "Against the version before, the words changed in another language and not in this one.", false},
	{RulePlaceholdersDiffer, "A text has not the same placeholders in every language.", false},
	{RuleUnknownPlaceholder, "There is nothing to put in the place of this placeholder.", false},
	{RuleSwissSpelling, "Swiss German is spelled with ss.", false},
	{RuleLongQuestion, "The text of a question has more than 25 words.", true},
	{RuleLongSentence, "A sentence of a question has more than 25 words.", true},
	{RuleCodeReused, "A code of an earlier version now means something else.", false},
	{RuleNeverHolds, "The condition can never hold, whatever anybody answers; or the check can never fail.", false},
	{RuleAlwaysHolds, "The condition holds for everybody it could matter to, so it can be left out.", true},
	{RuleNotDecided, "Whether the condition can hold was not decided: the answers involved have too many combinations.", true},
	{RuleUnreachable, "Nobody can be asked this question or row, or be offered this option: the conditions exclude one another.", false},
	{RuleNoValidAnswer, "The limits of the question leave no answer that it accepts.", false},
	{RuleCheckAlwaysFails, "A hard check fails for every answer within the limits.", false},
	{RuleChecksContradict, "No answer passes two or more hard checks at once.", false},
	{RuleUnreadable, "A file is no YAML, is larger than 512 KB, has too many brackets and commas or is nested too deeply, or uses anchors, aliases or tags.", false},
	{RuleMissingFile, "A file of the version is missing.", false},
	{RuleTooLarge, "A file has more than 512 KB.", false},
	{RulePublishedAlready, "The version is published; a change needs a new number.", false},
	{RuleNumberPassed, "A later version is published already.", false},
	{RuleWrongAgainst, "changes.yaml speaks of another version than the one before.", false},
	{RuleUnclassified, "The author has not said what a change does to the trend.", false},
	{RuleNothingChanged, "changes.yaml classifies what did not change.", false},
	{RuleBadLine, "A line of published.sum is not a hash, two spaces and a file.", false},
	{RulePublishedMissing, "A published file is gone.", false},
	{RulePublishedChanged, "A published file was changed.", false},
	{RuleNotPublished, "A file stands among the published ones without its hash.", false},
}

var warnings = func() map[string]bool {
	out := map[string]bool{}
	for _, r := range Rules {
		out[r.Name] = r.Warning
	}
	return out
}()
