package i18n

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the machine may have no zone files
)

var zurich = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		panic(err)
	}
	return zone
}()

var months = map[string][]string{
	"de": {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	"fr": {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	"it": {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// Date writes the day of t in Swiss local time: "3. Mai 2026", "1er mai 2026".
func Date(lang string, t time.Time) string {
	t = t.In(zurich)
	day := strconv.Itoa(t.Day())
	switch {
	case lang == "de":
		day += "."
	case lang == "fr" && t.Day() == 1:
		day = "1er"
	case lang == "it" && t.Day() == 1:
		day = "1°"
	}
	names := months[lang]
	if names == nil {
		names = months[Default]
	}
	return fmt.Sprintf("%s %s %d", day, names[t.Month()-1], t.Year())
}

// DateTime writes day and time of t in Swiss local time: "3. Mai 2026, 14:05".
func DateTime(lang string, t time.Time) string {
	return Date(lang, t) + ", " + t.In(zurich).Format("15:04")
}

// Until writes the end t of something as the last day of it where that day is a whole one, else with
// the time: "30. Juni 2026", "30. Juni 2026, 18:00".
func Until(lang string, t time.Time) string {
	if last := t.Add(-time.Minute); Day(last) != Day(t.Add(time.Minute)) {
		return Date(lang, last)
	}
	return DateTime(lang, t)
}

// Day gives the calendar day of t in Swiss local time, ISO 8601.
func Day(t time.Time) string { return t.In(zurich).Format("2006-01-02") }

// Minute gives day and time of t in Swiss local time, ISO 8601: "2026-05-03 14:05".
func Minute(t time.Time) string { return t.In(zurich).Format("2006-01-02 15:04") }

// At gives the moment of an hour (0-23), in Swiss local time, on the day that is days after the day
// of t, or before it where days is negative.
func At(t time.Time, days, hour int) time.Time {
	t = t.In(zurich)
	return time.Date(t.Year(), t.Month(), t.Day()+days, hour, 0, 0, 0, zurich).UTC()
}

// Number writes x with at most three decimals: 1’234.5, in French 1 234,5 with
// no-break spaces.
func Number(lang string, x float64) string {
	group, point := "’", "."
	if lang == "fr" {
		group, point = "\u202f", ","
	}
	plain := strconv.FormatFloat(math.Abs(x), 'f', 3, 64)
	whole, decimals, _ := strings.Cut(plain, ".")
	decimals = strings.TrimRight(decimals, "0")

	var b strings.Builder
	if x < 0 && (whole != "0" || decimals != "") {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if decimals != "" {
		b.WriteString(point + decimals)
	}
	return b.String()
}
