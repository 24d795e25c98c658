package respond

import (
	"io"
	"math/rand/v2"
	"testing"

	"rondo/app/views"
	"rondo/app/web"
)

// BenchmarkAFilledPage tells what a page costs a respondent's request after its answers are read:
// its view, which words and conditions make up, and the HTML alone.
func BenchmarkAFilledPage(b *testing.B) {
	v := visit{Sitting: sitting(b), lang: "de"}
	met := map[string]map[string]float64{"e_contact": {"1": 1}} // without a contact the page asks nothing
	v.Draft.Answers = v.Questionnaire.Random(rand.New(rand.NewPCG(1, 2)), v.Setting, met)
	framed := func(b *testing.B) *questionPage {
		p, err := v.page(shown{page: "e2"})
		if err != nil {
			b.Fatal(err)
		}
		p.Page = web.Page{
			Lang: v.lang, Title: p.Heading, State: "open", Product: "Rondo", Area: "respond", Tag: "tag", SignOutPath: "/answer/sign-out",
			Contact: `Rondo<br><a href="tel:+41580000000">Telefon +41 58 000 00 00</a>`,
			Langs:   web.LangButtons("answers", v.lang), DefaultForm: "answers",
		}
		return p
	}
	b.Run("view", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			framed(b)
		}
	})
	b.Run("html", func(b *testing.B) {
		p := framed(b)
		b.ReportAllocs()
		for range b.N {
			if err := views.Render(io.Discard, v.lang, "respond/page", p); err != nil {
				b.Fatal(err)
			}
		}
	})
}
