package web

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"rondo/app/views"
)

// Contrasts of text against what it stands on: what WCAG 1.4.3 asks, and what we aim at.
const (
	readable    = 4.5
	comfortable = 7
)

// look is what an accent stands on, by name of the colour: paper, tint.
type look map[string]colour

// accentCSS gives a configured accent to every page. As it is, it serves the light look, where links
// and buttons must be readable in it; no colour is readable on white and on black, so the dark look
// gets the same one lightened until it is.
func accentCSS(configured string) ([]byte, error) {
	if !accentForm.MatchString(configured) {
		return nil, fmt.Errorf("accent %q is not of the form #rrggbb", configured)
	}
	light, dark, err := looks()
	if err != nil {
		return nil, err
	}
	accent := parseColour(configured)
	for _, name := range []string{"paper", "tint"} {
		if c := accent.contrast(light[name]); c < readable {
			return nil, fmt.Errorf("accent %s cannot be read: its contrast on the background %s is %.1f to 1, and %.1f to 1 is needed; take a darker colour",
				configured, light[name], math.Floor(c*10)/10, readable)
		}
	}
	bright := accent
	for step := 1; min(bright.contrast(dark["paper"]), bright.contrast(dark["tint"])) < comfortable; step++ {
		bright = accent.lightened(float64(step) / 100)
	}
	return fmt.Appendf(nil, ":root{--accent:%s;--on-accent:#fff}\n@media (prefers-color-scheme:dark){:root{--accent:%s;--on-accent:%s}}\n@media print{:root{--accent:#000}}\n",
		accent, bright, dark["paper"]), nil
}

var (
	accentForm = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	background = regexp.MustCompile(`--(paper|tint): *(#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6});`)
)

// looks reads the backgrounds of both looks out of the stylesheet, so that a change there counts here.
func looks() (light, dark look, err error) {
	at, err := views.Asset("rondo.css")
	if err != nil {
		return nil, nil, err
	}
	sheet, _ := views.AssetFile(at)
	before, after, found := strings.Cut(string(sheet.Body), "prefers-color-scheme: dark")
	light, dark = look{}, look{}
	for _, part := range []struct {
		text string
		into look
	}{{before, light}, {after, dark}} {
		for _, c := range background.FindAllStringSubmatch(part.text, 2) {
			part.into[c[1]] = parseColour(c[2])
		}
	}
	if !found || len(light) != 2 || len(dark) != 2 {
		return nil, nil, errors.New("the stylesheet does not say its backgrounds")
	}
	return light, dark, nil
}

// colour is red, green and blue from 0 to 255.
type colour [3]float64

// parseColour reads #rrggbb or #rgb.
func parseColour(hex string) (c colour) {
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	for i := range c {
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8) // the caller has looked at its form
		c[i] = float64(n)
	}
	return c
}

// String is #rrggbb.
func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

// lightened mixes in a share of white, from 0 to 1.
func (c colour) lightened(share float64) colour {
	for i := range c {
		c[i] = math.Round(c[i] + (255-c[i])*share)
	}
	return c
}

// luminance is the relative luminance of WCAG 2.2, from 0 to 1.
func (c colour) luminance() float64 {
	var parts [3]float64
	for i, v := range c {
		if v /= 255; v <= 0.04045 {
			parts[i] = v / 12.92
		} else {
			parts[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*parts[0] + 0.7152*parts[1] + 0.0722*parts[2]
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func (c colour) contrast(d colour) float64 {
	a, b := c.luminance(), d.luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}
