package wave

import (
	"math"
	"time"
)

// Fieldwork is what a prediction of the responses starts from.
type Fieldwork struct {
	Invited   int
	Responses int         // so far, rounded down to a multiple of five
	Sent      []time.Time // when invitation and reminders went out, in order
	Planned   []time.Time // when further reminders will, in order
	Now, Ends time.Time
}

// Prediction is between how many and how many will have responded at the end, in multiples of five.
type Prediction struct{ Low, High int }

// halfLife is how long after a message half of those have answered who answer because of it: an
// assumption, shown with the prediction.
const halfLife = 3 * 24 * time.Hour

// margin is how many standard deviations lie to each side: four runs in five end in between, if the
// assumptions hold.
const margin = 1.28

// Predict says how many responses to expect at the end. It assumes that each message moves the same
// share of those who have not answered yet, and that they answer with the same half-life after it;
// the share is the one under which so many would have answered by now. It is false before the first
// message and as long as fewer than ten have responded, when a share would say nothing.
func Predict(f Fieldwork) (Prediction, bool) {
	if f.Invited == 0 || f.Responses < 10 || len(f.Sent) == 0 || f.Now.Before(f.Sent[0]) {
		return Prediction{}, false
	}
	low, high := f.Responses, min(f.Responses+4, f.Invited)
	return Prediction{
		Low:  floor5(max(low, int(math.Floor(f.expect(low, -margin))))),
		High: min(ceil5(max(high, int(math.Ceil(f.expect(high, margin))))), ceil5(f.Invited)),
	}, true
}

func ceil5(n int) int { return floor5(n + 4) }

// expect is how many will have responded at the end if n have by now, some standard deviations away.
func (f Fieldwork) expect(n int, deviations float64) float64 {
	share := f.share(float64(n) / float64(f.Invited))
	before, after := f.answered(share, f.Sent, f.Now), f.answered(share, append(append([]time.Time(nil), f.Sent...), f.Planned...), f.Ends)
	open := float64(f.Invited - n)
	if open <= 0 || before >= 1 || after <= before {
		return float64(n)
	}
	chance := (after - before) / (1 - before) // of one who has not answered yet
	return float64(n) + open*chance + deviations*math.Sqrt(open*chance*(1-chance))
}

// share finds, by bisection, the share that each message moves so that a given part has answered.
func (f Fieldwork) share(part float64) float64 {
	low, high := 0.0, 1.0
	for range 50 {
		middle := (low + high) / 2
		if f.answered(middle, f.Sent, f.Now) < part {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// answered is the part of all that has answered by a time, if each message moves a share of those who
// had not.
func (f Fieldwork) answered(share float64, messages []time.Time, by time.Time) float64 {
	open := 1.0
	for i, sent := range messages {
		until := by
		if i+1 < len(messages) && messages[i+1].Before(by) {
			until = messages[i+1]
		}
		if !sent.Before(until) {
			continue
		}
		open *= 1 - share*(1-math.Exp2(-float64(until.Sub(sent))/float64(halfLife)))
	}
	return 1 - open
}
