package db

import "strings"

// Places gives the list of an IN for values, "(?, ?, ...)", and its arguments. The last value is
// repeated up to the next power of two: lists of every length would each be a statement of its own.
func Places[T any](values []T) (list string, args []any) {
	n := 1
	for n < len(values) {
		n *= 2
	}
	args = make([]any, 0, n)
	for _, v := range values {
		args = append(args, v)
	}
	for len(values) > 0 && len(args) < n {
		args = append(args, args[len(values)-1])
	}
	if len(args) == 0 {
		return "(NULL)", nil // nothing is in it
	}
	return "(?" + strings.Repeat(", ?", len(args)-1) + ")", args
}
