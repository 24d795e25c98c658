package verify

import "strings"

// missingKey is what stands for a key that was asked and not answered.
const missingKey = "-99"

// trees are the hierarchies of the keys, written here a second time: the way, then what stands
// above each leaf, level by level without the last, which shows nothing. Regions and languages of
// cantons as the Federal Statistical Office groups them; branches by NOGA section.
var trees = map[string]map[string][]string{
	"size": lines("1-9 <50", "10-49 <50", "50-249 50+", "250+ 50+"),
	"sector": lines("a I A-F", "be II A-F", "f II A-F", "gi III G-U", "j III G-U", "k III G-U", "l III G-U", "mn III G-U",
		"oq III G-U", "ru III G-U"),
	"region": lines("GE CH01 west", "VD CH01 west", "VS CH01 west", "BE CH02 west", "FR CH02 west", "JU CH02 west",
		"NE CH02 west", "SO CH02 west", "AG CH03 north", "BL CH03 north", "BS CH03 north", "ZH CH04 north", "AI CH05 east",
		"AR CH05 east", "GL CH05 east", "GR CH05 east", "SG CH05 east", "SH CH05 east", "TG CH05 east", "LU CH06 east",
		"NW CH06 east", "OW CH06 east", "SZ CH06 east", "UR CH06 east", "ZG CH06 east", "TI CH07 east"),
	"language": lines("GE latin", "VD latin", "NE latin", "JU latin", "FR latin", "VS latin", "TI latin", "ZH german",
		"BE german", "LU german", "UR german", "SZ german", "OW german", "NW german", "GL german", "ZG german", "SO german",
		"BS german", "BL german", "SH german", "AR german", "AI german", "SG german", "GR german", "AG german", "TG german"),
}

func lines(all ...string) map[string][]string {
	out := map[string][]string{}
	for _, line := range all {
		words := strings.Fields(line)
		out[words[0]] = words[1:]
	}
	return out
}

// above is what a leaf shows at a level of a tree; "" where the tree does not have it.
func above(tree map[string][]string, leaf string, level int) string {
	height := 0
	for _, up := range tree {
		height = len(up) + 1
		break
	}
	up, known := tree[leaf]
	switch {
	case level == height:
		return suppressed
	case leaf == missingKey && level < height:
		return missingKey
	case !known || level > height || level < 0:
		return ""
	case level == 0:
		return leaf
	}
	return up[level-1]
}

// penalty is the share of the leaves of a tree, less one, that a shown value may stand for.
func penalty(tree map[string][]string, shown string, level int) float64 {
	below := 0
	for leaf := range tree {
		if above(tree, leaf, level) == shown {
			below++
		}
	}
	if above(tree, missingKey, level) == shown {
		below++
	}
	return float64(below-1) / float64(len(tree)) // leaves are those of the tree and the missing one
}
