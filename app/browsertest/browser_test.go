//go:build browser

package browsertest

import "testing"

func TestEveryPagePassesAxe(t *testing.T) { newStage(t).hand().play("axe.mjs", "part") }
