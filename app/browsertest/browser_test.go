//go:build browser

package browsertest

import "testing"

func TestEveryPagePassesAxe(t *testing.T) { newStage(t).hand().play("axe.mjs", "part") }

func TestQuestionnairesAreAnsweredByKeyboardAlone(t *testing.T) { newStage(t).play("keyboard.mjs") }

func TestQuestionnairesAreAnsweredWithoutJavaScript(t *testing.T) { newStage(t).play("plain.mjs") }
