//go:build browser

package browsertest

import "testing"

func TestEveryPagePassesAxe(t *testing.T) { newStage(t).hand().beside().play("axe.mjs", "part") }

func TestQuestionnairesAreAnsweredByKeyboardAlone(t *testing.T) { newStage(t).play("keyboard.mjs") }

func TestQuestionnairesAreAnsweredWithoutJavaScript(t *testing.T) { newStage(t).play("plain.mjs") }

func TestAccessibilityTreeOfEachKindOfQuestionIsApproved(t *testing.T) {
	newStage(t).kinds().play("tree.mjs")
}

func TestEveryMistakeIsSaidWhereItIs(t *testing.T) { newStage(t).kinds().play("faults.mjs") }

func TestEveryPageHoldsItsMeasures(t *testing.T) { newStage(t).hand().beside().play("measure.mjs") }

func TestPaperAndLanguage(t *testing.T) { newStage(t).play("paper.mjs") }

func TestFirstPageIsLight(t *testing.T) { newStage(t).play("weight.mjs") }
