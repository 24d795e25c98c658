//go:build browser

package browsertest

import "testing"

// The tests stand side by side: each has a service, a database and a browser of its own, and much
// of their time they wait. How many at a time, .ci/browser says.

func TestNoWordIsLostInARealBrowser(t *testing.T) {
	t.Parallel()
	words(t)
}

func TestEveryPagePassesAxe(t *testing.T) {
	t.Parallel()
	newStage(t).hand().beside().play("axe.mjs", "part")
}

func TestEveryPageHoldsItsMeasures(t *testing.T) {
	t.Parallel()
	newStage(t).hand().beside().play("measure.mjs")
}

func TestQuestionnairesAreAnsweredByKeyboardAlone(t *testing.T) {
	t.Parallel()
	newStage(t).play("keyboard.mjs")
}

func TestQuestionnairesAreAnsweredWithoutJavaScript(t *testing.T) {
	t.Parallel()
	newStage(t).play("plain.mjs")
}

func TestAccessibilityTreeOfEachKindOfQuestionIsApproved(t *testing.T) {
	t.Parallel()
	newStage(t).kinds().play("tree.mjs")
}

func TestEveryMistakeIsSaidWhereItIs(t *testing.T) {
	t.Parallel()
	newStage(t).kinds().play("faults.mjs")
}

func TestPaperAndLanguage(t *testing.T) {
	t.Parallel()
	newStage(t).play("paper.mjs")
}

func TestFirstPageIsLight(t *testing.T) {
	t.Parallel()
	newStage(t).play("weight.mjs")
}
