package respond

import (
	"os"
	"strings"
	"testing"

	"rondo/app/views"
	"rondo/app/web"
	"rondo/questionnaires"
)

// workshop is a draft of testdata/workshop/1, which has conditions on rows and
// options, proposed answers and answers in texts.
func workshop(t *testing.T, a questionnaires.Answers) visit {
	t.Helper()
	q, found, err := questionnaires.ReadDir(os.DirFS("../../questionnaires/testdata/workshop/1"))
	if err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	draft := Draft{Answers: a}.clone()
	return visit{Sitting: Sitting{Questionnaire: q, Draft: draft}, lang: "en"}
}

// rendered gives a page as a browser gets it.
func rendered(t *testing.T, v visit, what shown) string {
	t.Helper()
	p, err := v.page(what)
	if err != nil {
		t.Fatal(err)
	}
	p.Page = web.Page{Lang: v.lang, Title: p.Heading, State: "open", Product: "Rondo"}
	var out strings.Builder
	if err := views.Render(&out, v.lang, "respond/page", p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func ticked(codes ...string) questionnaires.Value { return questionnaires.Value{Codes: codes} }

func must(t *testing.T, page string, wanted ...string) {
	t.Helper()
	for _, part := range wanted {
		if !strings.Contains(page, part) {
			t.Errorf("the page does not hold %s", part)
		}
	}
}

func mustNot(t *testing.T, page string, unwanted ...string) {
	t.Helper()
	for _, part := range unwanted {
		if strings.Contains(page, part) {
			t.Errorf("the page holds %s", part)
		}
	}
}

func TestRowsAndOptionsHiddenByEarlierPagesAreNotOnThePage(t *testing.T) {
	page := rendered(t, workshop(t, questionnaires.Answers{"w_services": ticked("advice", "coaching")}), shown{page: "w2"})
	must(t, page, `name="w_rating.advice"`, `name="w_rating.coaching"`, `name="w_rating.overall"`, `name="w_share.coaching"`, `name="w_order.advice"`, `name="w_best" value="coaching"`)
	mustNot(t, page, `name="w_rating.training"`, `name="w_share.placement"`, `name="w_order.training"`, `value="placement"`, "Rank 3")
}

func TestPartsThatDependOnThePageSayWhenTheyCount(t *testing.T) {
	v := workshop(t, questionnaires.Answers{})
	must(t, rendered(t, v, shown{page: "w1"}), `value="placement"`, "only if: “How many people work in your company?” ≥ 10",
		`data-rules="`, `<script type="module" src="/assets/rondo-`, "Choose 2 to 3 answers.")
	v.Draft.Answers["w_services"] = ticked("advice", "training")
	must(t, rendered(t, v, shown{page: "w2"}), "only if: “How satisfied are you with these services? – Counselling”: rather satisfied or very satisfied",
		"Give each point a rank of its own.")
	mustNot(t, rendered(t, v, shown{page: "w2"}), "Coaching")
}

func TestAnswersAreProposedUntilThePageIsSaved(t *testing.T) {
	v := workshop(t, questionnaires.Answers{})
	page := rendered(t, v, shown{page: "w1"})
	must(t, page, `value="advice" checked`, `value="training" checked`, `name="w_first.day" value="15"`, `name="w_first.year" value="2026"`, `value="office" checked`)
	mustNot(t, page, `value="coaching" checked`)

	move, err := v.Answer(Post{Page: "w1", Form: map[string][]string{"w_size": {"5"}, "w_first.day": {""}}, Go: goLater})
	if err != nil {
		t.Fatal(err)
	}
	v.Draft, v.Revision = move.Draft, 1
	mustNot(t, rendered(t, v, shown{page: "w1"}), " checked", `value="15"`)
}

func TestWhatSomebodyTypedStandsInLaterTextsEscaped(t *testing.T) {
	v := workshop(t, questionnaires.Answers{"w_services": ticked("advice", "training"), "w_rating__advice": ticked("4"), "w_best": ticked("advice")})
	must(t, rendered(t, v, shown{page: "w3"}), "Why was “Counselling” the best service?")
	v.Questionnaire.Question("w_why").Label["en"] = "{w_services} {w_services_other} {w_best}"
	v.Draft.Answers["w_services"] = ticked("advice", "other")
	v.Draft.Answers["w_services_other"] = questionnaires.Value{Text: "<b>{w_best}</b> & more"}
	must(t, rendered(t, v, shown{page: "w3"}), "Counselling, Other: &lt;b&gt;{w_best}&lt;/b&gt; &amp; more &lt;b&gt;{w_best}&lt;/b&gt; &amp; more Counselling")
}

func TestTicksOutsideTheirLimitsAreSaidInWords(t *testing.T) {
	v := workshop(t, questionnaires.Answers{})
	form := map[string][]string{"w_size": {"20"}, "w_services": {"advice", "training", "coaching", "placement"}}
	move, err := v.Answer(Post{Page: "w1", Form: form})
	if err != nil || move.Next != "" {
		t.Fatalf("next %q, %v", move.Next, err)
	}
	v.Draft = move.Draft
	must(t, rendered(t, v, shown{page: "w1", form: form, move: move}), "Please choose at most 3 answers. You have chosen 4.")
}
