package desk

import (
	"strings"
	"testing"

	"rondo/app/auth"
)

func TestHeads_are_shown_masked_where_they_release_and_only_there(t *testing.T) {
	p, b := start(t)
	b.as(p, auth.Lead)
	page := b.get("/desk/waves/2026/offices").body
	for _, want := range []string{"h…@ag.example", "zur Freigabe bei der Leitung", "eine Korrektur wartet auf Freigabe", `href="/desk/waves/2026/offices/GE/head"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the offices of a wave whose heads release: no %q", want)
		}
	}
	if page := b.get("/desk/waves/2015/offices").body; strings.Contains(page, "h…@ag.example") || strings.Contains(page, `/head"`) {
		t.Error("a wave whose heads do not release shows heads")
	}
	for path, want := range map[string]int{"/desk/waves/2026/offices/AG/head": 200, "/desk/waves/2026/offices/XX/head": 404, "/desk/waves/2015/offices/AG/head": 404} {
		if a := b.get(path); a.status != want {
			t.Errorf("%s = %d, want %d", path, a.status, want)
		}
	}
}

func TestClosing_warns_of_what_no_head_has_released(t *testing.T) {
	p, b := start(t)
	b.as(p, auth.Lead)
	const warning = "Vorgelegt, aber nicht freigegeben</dt><dd>2</dd>"
	if page := b.get("/desk/waves/2026/step/close/office").body; !strings.Contains(page, warning) || !strings.Contains(page, "ist keine Antwort und wird beim Schliessen gelöscht") {
		t.Errorf("closing the offices does not say how many wait for a release: %s", page)
	}
	if page := b.get("/desk/waves/2026/step/close/employer").body; strings.Contains(page, "freigegeben") {
		t.Error("closing the employers speaks of releases")
	}
	p.waves[0].HeadReleases = false
	if page := b.get("/desk/waves/2026/step/close/office").body; strings.Contains(page, "freigegeben") {
		t.Error("closing speaks of releases where no head releases")
	}
}

func TestANewWave_asks_whether_heads_release(t *testing.T) {
	for form, want := range map[string]bool{"": false, "&head_releases=yes": true, "&head_releases=no": false} {
		p, b := start(t)
		tag := b.as(p, auth.Lead)
		a := b.do("POST", "/desk/new", formType("POST"), "_tag="+tag+"&label=2029&ref_from=2026&ref_to=2028&opens=2029-05-03T08:00&closes=2029-06-30T18:00"+form)
		if a.status != 303 || strings.Contains(strings.Join(p.changes, ";"), "heads release") != want {
			t.Errorf("a new wave with %q: %d, %v", form, a.status, p.changes)
		}
	}
}
