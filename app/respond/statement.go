package respond

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/web"
)

// Promise is something we tell participants about their data: a text of the catalogue
// (respond.privacy.Key) and the tests that prove it, each a package and a name.
type Promise struct {
	Key   string
	Tests string // "app/web TestX, app TestY"
}

// PromiseGroup is promises to the same people: respond.privacy.Name.
type PromiseGroup struct {
	Name     string
	Promises []Promise
}

// Promises are all promises, as /privacy shows them.
var Promises = []PromiseGroup{
	{"employers", []Promise{
		{"p_apart", "app/respond TestStoredAnswersSayNothingAboutWhoGaveThem, app TestADumpDoesNotTellWhoGaveWhichResponse"},
		{"p_office", "app TestAnOfficeSeesNothingOfWhatItsEmployersDo, app/wave TestAnOfficeCannotSplitItsEmployersByALaterAnswer"},
		{"p_groups", "app/wave TestNobodyCarriesACombinationOfFewerThanTen, app/wave TestLateEmployersNeverMakeASmallCombination"},
		{"p_release", "exports TestAttack_no_byte_of_a_release_tells_a_planted_identity, app/desk TestRelease_leaves_only_when_approved_by_another_person"},
		{"p_sealed", "app TestNoDumpHoldsALinkAReceiptOrAnAnswer"},
		{"p_side", "app/respond TestSubmitWritesTheAnswerSideOnly"},
		{"p_withdraw", "app/respond TestReceiptWithdrawsTheResponse"},
		{"p_closed", "app TestNoDumpHoldsALinkAReceiptOrAnAnswer, app TestADumpDoesNotTellWhoGaveWhichResponse"},
	}},
	{"offices", []Promise{
		{"p_confidential", "app/respond TestOfficeOpensItsResponseAgain"},
		{"p_inside", "exports TestBuild_refuses_confidential_populations_as_anonymous_and_unknown_profiles"},
	}},
	{"everybody", []Promise{
		{"p_look", "app/respond TestLookingAtALinkChangesNothing, app TestReadingEveryPageChangesNoTable"},
		{"p_log", "app/web TestLogHoldsPatternsOnly"},
		{"p_third", "app/web TestEveryResponseCarriesTheSecurityHeaders, app/views TestTemplatesHaveNoInlineScriptStyleOrForeignAddress"},
		{"p_cookie", "app/respond TestSignOutForgetsTheParticipant"},
		{"p_lost", "app TestNoAcknowledgedAnswerIsLostWhenTheServiceIsKilled, app/respond TestTwoTabsOverwriteNothingThatTheyWereNotShown"},
		{"p_unsent", "app/browsertest TestNoWordIsLostInARealBrowser"},
		{"p_stop", "app/outbox TestAStopLinkStopsMailAndNothingElse"},
		{"p_pass", "app/respond TestAQuestionnaireIsHandedOverWithItsDraft, app/outbox TestAColleagueGetsTheNewLinkOnceInTheirLanguage"},
		{"p_archive", "storage TestArchiveForgets, app TestNoDumpHoldsALinkAReceiptOrAnAnswer"},
	}},
}

type privacyPage struct {
	web.Page
	Groups []PromiseGroup
}

// Privacy is the page that names each promise and the tests that prove it.
func (r *Room) Privacy(c *fiber.Ctx) error {
	p := &privacyPage{Groups: Promises}
	p.Title, p.State = i18n.T(web.Language(c), "respond.privacy.title", nil), "unknown"
	return r.kit.Show(c, fiber.StatusOK, "respond/privacy", p)
}

// Tested is a text of the accessibility statement (respond.accessibility.Key) about what was tested,
// the words that show it in the programs of app/browsertest, and the tests of ours that do.
type Tested struct {
	Key      string
	Version  string   // of axe-core
	Tags     string   // of its rules
	Widths   string   // in CSS pixels
	Evidence []string // each stands in one of the programs
	Tests    string   // as in Promise
}

// Statement is what /accessibility says. Whoever changes it sets its date.
var Statement = struct {
	Date   time.Time
	Tested []Tested
	Limits []string
}{
	Date: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC),
	Tested: []Tested{
		{Key: "t_axe", Version: "4.14.1", Tags: strings.Join(axeTags, ", "), Widths: "360, 1280", Evidence: append([]string{"[360, 1280]", "'dark'"}, axeTags...),
			Tests: "app/browsertest TestEveryPagePassesAxe"},
		{Key: "t_keyboard", Tests: "app/browsertest TestQuestionnairesAreAnsweredByKeyboardAlone"},
		{Key: "t_script", Tests: "app/browsertest TestQuestionnairesAreAnsweredWithoutJavaScript", Evidence: []string{"javaScriptEnabled: false"}},
		{Key: "t_measure", Tests: "app/browsertest TestEveryPageHoldsItsMeasures", Evidence: []string{"[320, 256", "font-size: 200%"}},
		{Key: "t_faults", Tests: "app/browsertest TestEveryMistakeIsSaidWhereItIs"},
		{Key: "t_tree", Tests: "app/browsertest TestAccessibilityTreeOfEachKindOfQuestionIsApproved"},
		{Key: "t_paper", Tests: "app/browsertest TestPaperAndLanguage"},
		{Key: "t_contrast", Tests: "app/web TestAnAccentThatCannotBeReadIsRefused"},
	},
	Limits: []string{"l_people", "l_machine", "l_words", "l_formats", "l_browsers", "l_files"},
}

// axeTags are the rules of axe-core that are asked.
var axeTags = []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}

type accessibilityPage struct {
	web.Page
	Date   time.Time
	Tested []Tested
	Limits []string
}

// Accessibility is the accessibility statement.
func (r *Room) Accessibility(c *fiber.Ctx) error {
	p := &accessibilityPage{Date: Statement.Date, Tested: Statement.Tested, Limits: Statement.Limits}
	p.Title, p.State = i18n.T(web.Language(c), "respond.accessibility.title", nil), "unknown"
	return r.kit.Show(c, fiber.StatusOK, "respond/accessibility", p)
}
