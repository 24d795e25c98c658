package outbox

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rondo/app/i18n"
	"rondo/storage/identity"
)

// swiss reads a Swiss local time.
func swiss(t *testing.T, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func TestEntriesAreDueInTheMorningOfTheirDay(t *testing.T) {
	cases := []struct {
		name, opens, closes string
		entry               Entry
		due                 string // "": it falls out
	}{
		{"invitation on the first day", "2026-03-02 00:00", "2026-04-30 23:59", Entry{Kind: "invitation", Hour: 8}, "2026-03-02 08:00"},
		{"invitation not before the window opens", "2026-03-02 14:30", "2026-04-30 23:59", Entry{Kind: "invitation", Hour: 8}, "2026-03-02 14:30"},
		{"reminder after a week", "2026-03-02 14:30", "2026-04-30 23:59", Entry{Kind: "reminder", Number: 1, Days: 7, Hour: 8}, "2026-03-09 08:00"},
		{"the hour stays when summer time begins", "2026-03-23 08:00", "2026-04-30 23:59", Entry{Kind: "reminder", Number: 1, Days: 7, Hour: 8}, "2026-03-30 08:00"},
		{"reminder after the end falls out", "2026-03-02 08:00", "2026-03-08 23:59", Entry{Kind: "reminder", Number: 1, Days: 7, Hour: 8}, ""},
		{"reminder less than three days before the last call falls out", "2026-03-02 08:00", "2026-03-19 23:59", Entry{Kind: "reminder", Number: 2, Days: 14, Hour: 8}, ""},
		{"reminder three days before the last call stays", "2026-03-02 08:00", "2026-03-22 23:59", Entry{Kind: "reminder", Number: 2, Days: 14, Hour: 8}, "2026-03-16 08:00"},
		{"last call counts back from the last day", "2026-03-02 08:00", "2026-04-30 23:59", Entry{Kind: "reminder", Number: LastCall, Days: 3, Hour: 8}, "2026-04-27 08:00"},
		{"an end at midnight belongs to the day before", "2026-03-02 08:00", "2026-05-01 00:00", Entry{Kind: "reminder", Number: LastCall, Days: 3, Hour: 8}, "2026-04-27 08:00"},
		{"last call before the window falls out", "2026-03-02 08:00", "2026-03-04 23:59", Entry{Kind: "reminder", Number: LastCall, Days: 3, Hour: 8}, ""},
		{"thanks the day after the end", "2026-03-02 08:00", "2026-04-30 23:59", Entry{Kind: "thanks", Days: 1, Hour: 10}, "2026-05-01 10:00"},
		{"thanks never before the end", "2026-03-02 08:00", "2026-04-30 23:59", Entry{Kind: "thanks", Hour: 8}, "2026-04-30 23:59"},
		{"results have no day", "2026-03-02 08:00", "2026-04-30 23:59", Entry{Kind: "results", Hour: 8}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := identity.Population{Opens: swiss(t, c.opens), Closes: swiss(t, c.closes)}
			due, fits := Due(c.entry, defaultSchedule("", ""), p)
			if fits != (c.due != "") || fits && !due.Equal(swiss(t, c.due)) {
				t.Errorf("due %v %t, want %s", due, fits, c.due)
			}
		})
	}
}

func TestTheReminderOfTheHourIsTheLastOneThatIsDue(t *testing.T) {
	p := identity.Population{Opens: swiss(t, "2026-03-02 08:00"), Closes: swiss(t, "2026-03-31 23:59")}
	for at, want := range map[string]int{
		"2026-03-02 09:00": 0, "2026-03-09 07:59": 0, "2026-03-09 08:00": 1, "2026-03-16 07:00": 1, "2026-03-17 00:00": 2, "2026-03-28 08:00": LastCall, "2026-03-31 23:00": LastCall,
	} {
		e, due := current(defaultSchedule("", ""), p, swiss(t, at))
		if e.Number != want || due != (want > 0) {
			t.Errorf("%s: reminder %d, %t, want %d", at, e.Number, due, want)
		}
	}
}

func TestAScheduleWithProblemsIsNotKept(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 0)
		for name, c := range map[string]struct {
			entries []Entry
			want    []string
		}{
			"the usual one":                   {defaultSchedule("", ""), nil},
			"nothing but an invitation":       {[]Entry{{Kind: "invitation", Hour: 8}}, nil},
			"a reminder on the first day":     {[]Entry{{Kind: "reminder", Number: 1}}, []string{"reminder1.days days_first"}},
			"reminders too near":              {[]Entry{{Kind: "reminder", Number: 1, Days: 7}, {Kind: "reminder", Number: 2, Days: 9}}, []string{"reminder2.days days_apart"}},
			"reminders in the wrong order":    {[]Entry{{Kind: "reminder", Number: 1, Days: 14}, {Kind: "reminder", Number: 2, Days: 7}}, []string{"reminder2.days days_apart"}},
			"a last call in its own counting": {[]Entry{{Kind: "reminder", Number: 1, Days: 14}, {Kind: "reminder", Number: LastCall, Days: 3}}, nil},
			"days before the opening":         {[]Entry{{Kind: "invitation", Days: -1}}, []string{"invitation.days days"}},
			"days without end":                {[]Entry{{Kind: "reminder", Number: LastCall, Days: 400}}, []string{"last_call.days days"}},
			"no hour of the day":              {[]Entry{{Kind: "thanks", Hour: 24}}, []string{"thanks.hour hour"}},
			"twice the same":                  {[]Entry{{Kind: "thanks"}, {Kind: "thanks"}}, []string{"thanks.days unknown"}},
		} {
			if err := o.Identity.SetSchedule(ctx, s.wave.ID, "office", nil); err != nil {
				t.Fatal(err)
			}
			problems, err := o.SetSchedule(ctx, s.wave.ID, "office", c.entries)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range problems {
				got = append(got, p.Field+" "+p.Key)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			kept, err := o.Identity.Schedule(ctx, s.wave.ID)
			if err != nil || len(kept) > 0 != (len(c.want) == 0) {
				t.Errorf("%s: kept %v, %v", name, kept, err)
			}
		}
	})
}

func TestNothingIsAutomaticUnlessSomebodySaysSo(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		s := newScene(t, o, 0)
		for _, population := range Scheduled {
			schedule, err := o.Schedule(context.Background(), s.wave.ID, population)
			if err != nil || len(schedule) != 6 {
				t.Fatalf("%v, %v", schedule, err)
			}
			for _, e := range schedule {
				if e.Automatic {
					t.Errorf("%s %s goes out by itself", population, e.Kind)
				}
			}
		}
	})
}

func TestAtKeepsTheHourOfTheDayInSwitzerland(t *testing.T) {
	if got, want := i18n.At(swiss(t, "2026-10-24 23:30"), 1, 8), swiss(t, "2026-10-25 08:00"); !got.Equal(want) {
		t.Errorf("At = %v, want %v", got, want)
	}
}
