package anonymise

import "math/bits"

// prime is the modulus of the elimination: exact, and large enough that a
// coincidence does not happen.
const prime = 1<<61 - 1

func mul(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	sum := (lo & prime) + (lo>>61 | hi<<3)
	if sum >= prime {
		sum -= prime
	}
	return sum
}

func sub(a, b uint64) uint64 {
	if a >= b {
		return a - b
	}
	return a + prime - b
}

// inverse by Fermat: x^(prime-2).
func inverse(x uint64) uint64 {
	out, e := uint64(1), uint64(prime-2)
	for ; e > 0; e >>= 1 {
		if e&1 == 1 {
			out = mul(out, x)
		}
		x = mul(x, x)
	}
	return out
}

// eliminate takes a multiple of row from v such that v is 0 at the pivot.
func eliminate(v, row []uint64, pivot int) {
	if v[pivot] == 0 {
		return
	}
	factor := mul(v[pivot], inverse(row[pivot]))
	for i, x := range row {
		if x != 0 {
			v[i] = sub(v[i], mul(factor, x))
		}
	}
}

// parallel says whether p is a multiple of v other than 0.
func parallel(p, v []uint64, pivot int) bool {
	if p[pivot] == 0 {
		return false
	}
	factor := mul(p[pivot], inverse(v[pivot]))
	for i, x := range v {
		if p[i] != mul(factor, x) {
			return false
		}
	}
	return true
}
