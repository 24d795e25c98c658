package wave

import (
	"slices"
	"strings"
)

// LeastShared is how many invited employers must carry the same combination of frame
// attributes before a response may carry it (design §3.8).
const LeastShared = 10

// LeastGroup is how many invited employers a feedback group should have (design §3.8).
const LeastGroup = 20

// StratumOrder are the frame attributes a response of an employer may carry, the one that is
// given up last first. It is fixed for every wave of this version.
var StratumOrder = []string{"group", "office_size", "office_strategy", "selection"}

// Assign decides for a whole frame which combination each invited employer's response will
// carry: as many attributes of StratumOrder as at least LeastShared invited share, counted over
// what is carried in the end, so that nobody stands out by carrying less than the others.
// frame holds each employer's full attributes; the result has the same order.
func Assign(frame []map[string]string) []map[string]string {
	all := make([]int, len(frame))
	for i := range all {
		all[i] = i
	}
	carried := make([]int, len(frame)) // how many attributes each carries
	settle(frame, all, 0, carried)
	result := make([]map[string]string, len(frame))
	for i, n := range carried {
		result[i] = prefix(frame[i], n)
	}
	return result
}

// settle splits members, who share the first depth attributes, by the next one. Members of a
// part that is too small stay behind at this depth; if those are too few themselves, whole
// parts join them, the smallest first. It returns who stays at this depth.
func settle(frame []map[string]string, members []int, depth int, carried []int) []int {
	for _, i := range members {
		carried[i] = depth
	}
	if depth == len(StratumOrder) || len(members) < LeastShared {
		return members
	}
	parts := map[string][]int{}
	for _, i := range members {
		v := frame[i][StratumOrder[depth]]
		parts[v] = append(parts[v], i)
	}
	var stay []int
	var kept [][]int
	for _, v := range sortedKeys(parts) {
		if len(parts[v]) < LeastShared || v == "" {
			stay = append(stay, parts[v]...)
		} else {
			kept = append(kept, parts[v])
		}
	}
	slices.SortStableFunc(kept, func(a, b []int) int { return len(b) - len(a) })
	for len(stay) > 0 && len(stay) < LeastShared && len(kept) > 0 {
		stay = append(stay, kept[len(kept)-1]...)
		kept = kept[:len(kept)-1]
	}
	for _, part := range kept {
		settle(frame, part, depth+1, carried)
	}
	return stay
}

// AssignLate decides the same for employers approved after the population opened. They may carry
// a combination that already exists; else they are settled among themselves. ok is false when
// some of them would be fewer than LeastShared with what they carry: then they have to wait for others.
func AssignLate(existing []map[string]string, late []map[string]string) (result []map[string]string, ok bool) {
	known := map[string]bool{}
	for _, s := range existing {
		known[key(s)] = true
	}
	result = make([]map[string]string, len(late))
	var rest []int
	for i, full := range late {
		found := false
		for n := len(StratumOrder); n >= 0 && !found; n-- {
			if s := prefix(full, n); known[key(s)] {
				result[i], found = s, true
			}
		}
		if !found {
			rest = append(rest, i)
		}
	}
	if len(rest) == 0 {
		return result, true
	}
	frame := make([]map[string]string, len(rest))
	for j, i := range rest {
		frame[j] = late[i]
	}
	for j, s := range Assign(frame) {
		result[rest[j]] = s
	}
	return result, len(rest) >= LeastShared || len(existing) == 0
}

// prefix is the first n attributes of a full combination, as far as they are known.
func prefix(full map[string]string, n int) map[string]string {
	s := map[string]string{}
	for _, name := range StratumOrder[:n] {
		if full[name] != "" {
			s[name] = full[name]
		}
	}
	return s
}

// key writes a combination in the order fixed for the wave.
func key(s map[string]string) string {
	var b strings.Builder
	for _, name := range StratumOrder {
		b.WriteString(s[name])
		b.WriteByte(0)
	}
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
