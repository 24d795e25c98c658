package web

import (
	"math"
	"regexp"
	"strings"
	"testing"
)

func TestContrastIsThatOfWCAG(t *testing.T) {
	for pair, want := range map[[2]string]float64{
		{"#fff", "#000000"}:    21,
		{"#777777", "#ffffff"}: 4.48,
		{"#767676", "#ffffff"}: 4.54,
		{"#0000ff", "#ffffff"}: 8.59,
		{"#ff0000", "#ffffff"}: 4.00,
		{"#abc", "#abc"}:       1,
	} {
		if got := parseColour(pair[0]).contrast(parseColour(pair[1])); math.Abs(got-want) > 0.005 {
			t.Errorf("contrast of %s and %s = %.3f, want %.2f", pair[0], pair[1], got, want)
		}
	}
}

func TestAnAccentThatCannotBeReadIsRefused(t *testing.T) {
	for _, pale := range []string{"#ffcc00", "#ffffff", "#7fd0df", "#808080", "#777777"} {
		_, err := NewKit(Config{PublicURL: "http://x", Accent: pale})
		if err == nil || !strings.Contains(err.Error(), pale) || !strings.Contains(err.Error(), "take a darker colour") {
			t.Errorf("%s: %v", pale, err)
		}
	}
	light, dark, err := looks()
	if err != nil {
		t.Fatal(err)
	}
	colours := regexp.MustCompile(`--accent:(#[0-9a-f]{6});--on-accent:(#[0-9a-f]{3,6})`)
	for _, good := range []string{"#000000", "#b3261e", "#0b5c6b", "#0000FF", "#6b0b5c", "#005500"} {
		css, err := accentCSS(good)
		if err != nil {
			t.Errorf("%s: %v", good, err)
			continue
		}
		found := colours.FindAllStringSubmatch(string(css), -1)
		if len(found) != 2 || found[0][1] != strings.ToLower(good) {
			t.Fatalf("%s: %s", good, css)
		}
		for i, on := range []look{light, dark} {
			accent := parseColour(found[i][1])
			for what, c := range map[string]colour{"paper": on["paper"], "tint": on["tint"], "text on a button": parseColour(found[i][2])} {
				if ratio := accent.contrast(c); ratio < readable {
					t.Errorf("%s: %s and %s %s have %.2f", good, accent, what, c, ratio)
				}
			}
		}
	}
}
