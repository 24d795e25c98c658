package main

import (
	"context"
	"errors"
	"math"
	"slices"

	"rondo/app/desk"
	"rondo/app/wave"
	"rondo/exports"
	"rondo/questionnaires"
	"rondo/storage"
)

// fewest is how many employers there have to be for their number to be told.
const fewest = 5

// PreviewRelease says what a bundle would be. It freezes nothing: what is looked at is never what
// changes it.
func (d deskReleases) PreviewRelease(ctx context.Context, lang, label, population, profile string, tell desk.Tell) (desk.ReleasePreview, error) {
	w, err := d.Waves.ByLabel(ctx, label)
	if err != nil {
		return desk.ReleasePreview{}, err
	}
	if _, err := d.Store.Answers.Snapshot(ctx, w.ID, population); errors.Is(err, storage.ErrNotFound) {
		return desk.ReleasePreview{Refused: "not_frozen"}, nil
	} else if err != nil {
		return desk.ReleasePreview{}, err
	}
	key := d.Store.Secret.Derive("row order")
	p, err := exports.PreviewOf(ctx, &wave.Source{Service: d.Waves}, exports.Request{Wave: label, Population: population, Profile: profile, Tell: exports.Tell(tell)}, key[:])
	shown := desk.ReleasePreview{
		K: p.Profile.K, Records: p.Records, Capacity: p.Capacity, Nodes: p.Nodes, Uniques: p.Uniques, Expected: int(math.Round(p.Expected)),
	}
	if population == "employer" && p.Records < max(fewest, p.Profile.K) {
		shown.Records, shown.Capacity = 0, 0 // fewer than may be told of the anonymous
	}
	switch {
	case errors.Is(err, exports.ErrProfile):
		shown.Refused = "population"
		return shown, nil
	case err != nil:
		return shown, err
	case errors.Is(p.Why, exports.ErrTooFew):
		shown.Refused = "too_few"
	case p.Why != nil:
		shown.Refused = "unreachable"
	}
	for i, w := range p.Ways {
		way := deskWay(lang, w)
		way.Number = i + 1
		shown.Ways = append(shown.Ways, way)
	}
	for _, c := range p.Compared {
		shown.Compared = append(shown.Compared, desk.Compared{Finest: c.Finest, Strict: deskMeasured(c.Strict), Wildcard: deskMeasured(c.Wildcard)})
	}
	if p.Whole != nil {
		way := deskWay(lang, *p.Whole)
		way.Whole = true
		shown.Ways = append(shown.Ways, way)
	}
	return shown, nil
}

func deskMeasured(m exports.Measured) desk.Measured {
	return desk.Measured{Cells: m.Cells, Below: m.Below, Fewest: m.Fewest, Lost: percent(m.NCP), Risk: percent(m.Risk())}
}

func percent(share float64) int { return int(math.Round(100 * share)) }

func deskWay(lang string, w exports.Way) desk.Way {
	shown := desk.Way{Lost: percent(w.NCP), Classes: w.Classes, Smallest: w.MinClass, LeftOut: w.LeftOut, Released: w.Released}
	for _, k := range w.Keys {
		view := desk.KeyView{Shown: k.Shown, Of: k.Of, Suppressed: k.Suppressed}
		words := lang
		for _, text := range append(slices.Clone(k.Classes), k.Label) {
			if text[lang] == "" { // not a word here and there in another language
				words, view.Lang = questionnaires.Languages[0], questionnaires.Languages[0]
			}
		}
		view.Label = k.Label.In(words)
		for _, class := range k.Classes {
			view.Classes = append(view.Classes, class.In(words))
		}
		shown.Keys = append(shown.Keys, view)
	}
	return shown
}
