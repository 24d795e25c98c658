package main

import "testing"

func TestAnAcknowledgedResponseMustBeStoredExactlyOnce(t *testing.T) {
	for _, c := range []struct {
		name         string
		acknowledged []string
		stored       map[string]int
		found        int
		bad          bool
	}{
		{"all there", []string{"a", "b"}, map[string]int{"a": 1, "b": 1}, 2, false},
		{"an answer that got lost may be stored", []string{"a"}, map[string]int{"a": 1, "b": 1}, 1, false},
		{"one is missing", []string{"a", "b"}, map[string]int{"a": 1}, 1, true},
		{"one is there twice", []string{"a"}, map[string]int{"a": 2}, 0, true},
		{"one that nobody acknowledged is there twice", nil, map[string]int{"b": 2}, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := compare(c.acknowledged, c.stored)
			if found != c.found || (err != nil) != c.bad {
				t.Errorf("found %d, error %v; want %d, error: %v", found, err, c.found, c.bad)
			}
		})
	}
}
