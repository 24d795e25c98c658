package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"rondo/app/web"
)

// shownMark is what a page has shown of something that others may change meanwhile, in short.
func shownMark(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// meanwhile reports whether that is something else now. A form that says nothing of what was shown goes as it is.
func meanwhile(form web.Form, now string) bool {
	seen := form.First("seen")
	return seen != "" && seen != now
}

// print is what a page has shown of a nomination, in short.
func (n Nomination) print() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		n.ID, n.Office, n.Name, n.Email, n.Language, n.Size, n.Branch, n.Town, n.Selection, strconv.Itoa(n.Row),
	}, "\x00")))
	return n.ID + ":" + hex.EncodeToString(sum[:8])
}

// prints are those of several together; of many, what a page has not shown one by one, only one of all.
func prints(all []Nomination) (each, together string) {
	var list []string
	for _, n := range all {
		list = append(list, n.print())
	}
	each = strings.Join(list, " ")
	slices.Sort(list)
	sum := sha256.Sum256([]byte(strings.Join(list, " ")))
	return each, hex.EncodeToString(sum[:8])
}

// doubtful says, by id, which nominations may be the same as another with another address: of several
// with one address all, as whichever is chosen another of them may be approved.
func doubtful(all []Nomination) map[string]bool {
	addresses, ids := map[string]bool{}, map[string]bool{}
	for _, n := range all {
		address := strings.ToLower(n.Email)
		addresses[address] = addresses[address] || len(n.Likes) > 0
	}
	for _, n := range all {
		ids[n.ID] = addresses[strings.ToLower(n.Email)]
	}
	return ids
}

// undoubted are the nominations that nobody doubts.
func undoubted(all []Nomination) []Nomination {
	doubts := doubtful(all)
	return slices.DeleteFunc(slices.Clone(all), func(n Nomination) bool { return doubts[n.ID] })
}

// changed reports whether one of the chosen nominations is no longer what the page has shown, since its
// office has corrected it. A form that says nothing of what was shown goes by ids alone.
func (d decision) changed(form web.Form, all []Nomination) bool {
	if d.all {
		_, now := prints(undoubted(all))
		return form.First("clear") != "" && form.First("clear") != now
	}
	seen := strings.Fields(form.First("seen"))
	return len(seen) > 0 && slices.ContainsFunc(all, func(n Nomination) bool {
		return slices.Contains(d.ids, n.ID) && !slices.Contains(seen, n.print())
	})
}

// nobodyLeft reports whether of employers that may be one all would be given up as duplicates.
func (d decision) nobodyLeft(all []Nomination) bool {
	gone := func(n Nomination) bool {
		stays := slices.Contains(n.Doubts, "invited") || slices.ContainsFunc(n.Likes, func(l Like) bool { return l.ID == "" || !slices.Contains(d.ids, l.ID) })
		twins := 0
		for _, other := range all {
			if other.ID != n.ID && strings.EqualFold(other.Email, n.Email) {
				twins++
				stays = stays || !slices.Contains(d.ids, other.ID)
			}
		}
		return !stays && len(n.Likes)+twins > 0
	}
	return slices.ContainsFunc(all, func(n Nomination) bool { return slices.Contains(d.ids, n.ID) && gone(n) })
}
