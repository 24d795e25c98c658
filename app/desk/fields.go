package desk

import (
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/web"
)

// field is one field of a form as the template shows it. Kind: an HTML input type, or select or checkbox.
type field struct {
	Name, Kind, Label, Hint, Value, Problem, Auto string
	Optional, Digits                              bool
	Sometimes                                     bool   // needed for one of the buttons only
	Form                                          string // id of the form that the field belongs to, where it stands outside of it
	Options                                       []option
}

type option struct {
	Value, Label string
	Chosen       bool
}

// fill puts posted values (never passwords) and sentences about problems into the fields. Without a
// form, it is the one whose page is wanted in another language.
func fill(c *fiber.Ctx, fields []field, form web.Form, problems []Problem) []field {
	if form == nil {
		form = typedIn(c)
	}
	for i := range fields {
		f := &fields[i]
		_, posted := form[f.Name]
		if form != nil && f.Kind != "password" && (posted || f.Kind == "checkbox") {
			f.Value = form.First(f.Name)
		}
		for j := range f.Options {
			f.Options[j].Chosen = f.Options[j].Value == f.Value
		}
		for _, p := range problems {
			if p.Field == f.Name && f.Problem == "" {
				f.Problem = words(c, p)
				wrong(c, f.Name, strings.TrimSuffix(f.Label, ".")+": "+f.Problem)
			}
		}
	}
	return fields
}

var zurich = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		panic(err)
	}
	return zone
}()

// formTime is how a browser writes and reads a local time.
const formTime = "2006-01-02T15:04"

// parseTime reads a Swiss local time as a browser or a person writes it; a day alone means its beginning.
func parseTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{formTime, "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02", "2.1.2006 15:04", "2.1.2006"} {
		if t, err := time.ParseInLocation(layout, s, zurich); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

var labelForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$`)

// readWave reads the form of a new wave; a wave with problems is not to be kept.
func readWave(form web.Form) (w NewWave, problems []Problem) {
	wrong := func(field, key string) { problems = append(problems, Problem{Field: field, Key: key}) }
	text := func(field string) string { return strings.TrimSpace(form.First(field)) }

	w.Label = text("label")
	switch {
	case w.Label == "":
		wrong("label", "required")
	case !labelForm.MatchString(w.Label):
		wrong("label", "label")
	}
	for name, year := range map[string]*int{"ref_from": &w.RefFrom, "ref_to": &w.RefTo} {
		n, err := strconv.Atoi(text(name))
		if err != nil || n < 1990 || n > 2199 {
			wrong(name, "not_a_year")
		}
		*year = n
	}
	if w.RefFrom > w.RefTo && w.RefTo >= 1990 {
		wrong("ref_to", "years_order")
	}
	opens, okOpens := parseTime(text("opens"))
	closes, okCloses := parseTime(text("closes"))
	if !okOpens {
		wrong("opens", "not_a_time")
	}
	if !okCloses {
		wrong("closes", "not_a_time")
	}
	if okOpens && okCloses && !closes.After(opens) {
		wrong("closes", "times_order")
	}
	w.Opens, w.Closes = opens, closes
	w.Office, w.Employer, w.Discussion = text("office"), text("employer"), text("discussion")
	w.Rehearsal, w.HeadReleases = form.First("rehearsal") == "yes", form.First("head_releases") == "yes"
	return w, problems
}

// address gives a bare e-mail address in lower case, or false.
func address(raw string) (string, bool) {
	a, err := mail.ParseAddress(strings.TrimSpace(raw))
	if err != nil || a.Name != "" || len(a.Address) > 254 || strings.ContainsAny(a.Address, "\r\n") {
		return "", false
	}
	return strings.ToLower(a.Address), true
}
