package exports

import (
	"fmt"
	"slices"
	"strings"

	"rondo/exports/anonymise"
	"rondo/questionnaires"
)

// otherMissing is the released value of a key that was asked and not answered,
// for whatever reason: one category of its own, never a wildcard.
const otherMissing = "-99"

// chain is one way to coarsen a key: what each option code becomes, level by
// level, without the last level "*".
type chain struct {
	name   string
	levels map[string][]string
}

// chains lists the ways to coarsen each kind of key, the preferred first. The
// regions of a canton and its language are not nested, so they are two ways.
var chains = map[string][]chain{
	"size": {{"size", spread(map[string]string{
		"<50": "1-9 10-49", "50+": "50-249 250+"})}},
	"branch": {{"sector", nest(spread(map[string]string{
		"I": "a", "II": "be f", "III": "gi j k l mn oq ru"}),
		map[string]string{"I": "A-F", "II": "A-F", "III": "G-U"})}},
	"canton": {
		{"region", nest(spread(map[string]string{
			"CH01": "GE VD VS", "CH02": "BE FR JU NE SO", "CH03": "AG BL BS", "CH04": "ZH",
			"CH05": "AI AR GL GR SG SH TG", "CH06": "LU NW OW SZ UR ZG", "CH07": "TI"}),
			map[string]string{"CH01": "west", "CH02": "west", "CH03": "north", "CH04": "north", "CH05": "east", "CH06": "east", "CH07": "east"})},
		{"language", spread(map[string]string{
			"latin":  "GE VD NE JU FR VS TI",
			"german": "ZH BE LU UR SZ OW NW GL ZG SO BS BL SH AR AI SG GR AG TG"})},
	},
}

// spread turns groups of codes into one level.
func spread(groups map[string]string) map[string][]string {
	out := map[string][]string{}
	for group, codes := range groups {
		for _, code := range strings.Fields(codes) {
			out[code] = []string{group}
		}
	}
	return out
}

// nest adds a coarser level.
func nest(levels map[string][]string, above map[string]string) map[string][]string {
	for code, line := range levels {
		levels[code] = append(line, above[line[0]])
	}
	return levels
}

// kindOf gives the hierarchy named in a role such as qi(size).
func kindOf(role questionnaires.Role) (string, bool) {
	rest, ok := strings.CutPrefix(string(role), "qi(")
	return strings.TrimSuffix(rest, ")"), ok && strings.HasSuffix(rest, ")")
}

// ways gives the hierarchies of a key question: leaves are its option codes and
// the category of missing answers.
func ways(qu *questionnaires.Question) ([]*anonymise.Hierarchy, error) {
	kind, ok := kindOf(qu.Role)
	if !ok || chains[kind] == nil {
		return nil, fmt.Errorf("%w: %s has the role %s, for which no hierarchy is known", ErrNoRole, qu.Code, qu.Role)
	}
	var out []*anonymise.Hierarchy
	for _, c := range chains[kind] {
		var lines [][]string
		height := 0
		for _, o := range qu.Options {
			if o.Missing != 0 {
				continue
			}
			above, ok := c.levels[o.Code]
			if !ok {
				return nil, fmt.Errorf("%w: option %s of %s stands in no hierarchy", ErrNoRole, o.Code, qu.Code)
			}
			height = len(above)
			lines = append(lines, slices.Concat([]string{o.Code}, above, []string{anonymise.Suppressed}))
		}
		missing := []string{otherMissing}
		for range height {
			missing = append(missing, otherMissing)
		}
		h, err := anonymise.NewHierarchy(c.name, append(lines, append(missing, anonymise.Suppressed)))
		if err != nil {
			return nil, fmt.Errorf("hierarchy of %s: %w", qu.Code, err)
		}
		out = append(out, h)
	}
	return out, nil
}
