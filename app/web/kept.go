package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// KeptField is one posted value that a page gives back unchanged.
type KeptField struct {
	Name, Value string
	Label       string // what was asked; "": the field is the service's own and not shown
	Shown       string // the value in words
	Long        bool   // shown in a box of its own, so that it can be copied or shortened
}

// Reading says in words what was asked in a field and what a value of it means. Place is the
// order in which fields were on the page; ok is false where it does not know the field.
type Reading func(name, value string) (label, shown string, place int, ok bool)

// SetReading says how the form of this request is read, should it be refused.
func SetReading(c *fiber.Ctx, read Reading) { c.Locals(localRead, read) }

// kept gives the posted values of a form that must not be lost.
func (k *Kit) kept(c *fiber.Ctx) []KeptField {
	if c.Method() != fiber.MethodPost || !hasPrefix(c.Path(), k.config.Keeps) {
		return nil
	}
	if c.Locals(localForm) == nil {
		_ = readForm(c) // the check of the site comes before the form is read
	}
	read, _ := c.Locals(localRead).(Reading)
	return Keep(ReadForm(c), read)
}

// Keep gives every value of form as fields to be posted again: those of the service first, then in
// the order of the page as far as read knows it. A nil read knows nothing.
func Keep(form Form, read Reading) []KeptField {
	type placed struct {
		KeptField
		place int
	}
	var all []placed
	for name, values := range form {
		for _, value := range values {
			f := placed{KeptField{Name: name, Value: value}, -1}
			if !strings.HasPrefix(name, "_") {
				f.Label, f.Shown, f.place = name, value, 0
				f.Long = len(value) > 60 || strings.Contains(value, "\n")
				if read != nil {
					if label, shown, place, ok := read(name, value); ok {
						f.Label, f.Shown, f.place = label, shown, place
					}
				}
			}
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.place, b.place), strings.Compare(a.Name, b.Name))
	})
	fields := make([]KeptField, len(all))
	for i := range all {
		fields[i] = all[i].KeptField
	}
	return fields
}
