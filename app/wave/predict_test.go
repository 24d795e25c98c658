package wave

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func someFieldwork(t *rapid.T) Fieldwork {
	day := 24 * time.Hour
	start := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	f := Fieldwork{
		Invited: rapid.IntRange(20, 3000).Draw(t, "invited"), Sent: []time.Time{start},
		Now: start.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "now")) * day),
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "reminders") {
		if at := start.Add(time.Duration(10*(i+1)) * day); at.Before(f.Now) {
			f.Sent = append(f.Sent, at)
		} else {
			f.Planned = append(f.Planned, at)
		}
	}
	f.Ends = start.Add(45 * day)
	f.Responses = floor5(rapid.IntRange(10, f.Invited).Draw(t, "responses"))
	return f
}

func TestAPredictionLiesBetweenWhatIsThereAndWhoWasInvited(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := someFieldwork(t)
		p, ok := Predict(f)
		if !ok {
			t.Fatal("no prediction")
		}
		if p.Low%5 != 0 || p.High%5 != 0 || p.Low < f.Responses || p.High < p.Low || p.High > ceil5(f.Invited) {
			t.Fatalf("%+v of %+v", p, f)
		}
		without := f
		without.Planned = nil
		if q, _ := Predict(without); q.High > p.High+5 {
			t.Fatalf("fewer reminders promise more: %+v, with them %+v", q, p)
		}
		over := f
		over.Now, over.Sent, over.Planned = f.Ends, slices.Concat(f.Sent, f.Planned), nil
		if q, _ := Predict(over); q.Low > f.Responses || q.High > ceil5(min(f.Responses+4, f.Invited)) {
			t.Fatalf("at the end %+v is still to come of %d", q, f.Responses)
		}
	})
}

func TestNothingIsPredictedFromAlmostNothing(t *testing.T) {
	now := time.Date(2026, 11, 5, 8, 0, 0, 0, time.UTC)
	for _, f := range []Fieldwork{
		{Invited: 100, Responses: 5, Sent: []time.Time{now.AddDate(0, 0, -3)}, Now: now, Ends: now.AddDate(0, 1, 0)},
		{Invited: 100, Responses: 10, Now: now, Ends: now.AddDate(0, 1, 0)},
		{Responses: 10, Sent: []time.Time{now}, Now: now, Ends: now},
	} {
		if p, ok := Predict(f); ok {
			t.Errorf("%+v from %+v", p, f)
		}
	}
}

// TestFourPredictionsInFiveHold plays fieldwork as the prediction assumes it and counts how often the
// end lies in what was predicted half-way.
func TestFourPredictionsInFiveHold(t *testing.T) {
	random := rand.New(rand.NewPCG(26, 11))
	day := 24 * time.Hour
	start := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	held, runs := 0, 400
	for range runs {
		share := .2 + .4*random.Float64()
		messages := []time.Time{start, start.Add(10 * day), start.Add(20 * day)}
		f := Fieldwork{Invited: 400, Sent: messages[:2], Planned: messages[2:], Now: start.Add(15 * day), Ends: start.Add(35 * day)}
		now, end := 0, 0
		for range f.Invited {
			for i, sent := range messages {
				if random.Float64() >= share {
					continue
				}
				answer := sent.Add(time.Duration(-math.Log2(random.Float64()) * float64(halfLife)))
				if i+1 < len(messages) && answer.After(messages[i+1]) {
					continue // asked again before
				}
				if answer.Before(f.Now) {
					now++
				}
				if answer.Before(f.Ends) {
					end++
				}
				break
			}
		}
		f.Responses = floor5(now)
		p, ok := Predict(f)
		if ok && p.Low <= end && end <= p.High {
			held++
		}
	}
	if held < runs*4/5 {
		t.Errorf("%d of %d predictions held", held, runs)
	}
}
