package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestABarShowsHowFarAListIsOnATerminalOnly(t *testing.T) {
	var out bytes.Buffer
	b := &bar{out: &out} // as on a terminal
	b.tell("read", 0, 0)
	b.tell("keep", 0, 10_000)
	b.tell("keep", 5_000, 10_000)
	if said := out.String(); !strings.Contains(said, "reading") || !strings.Contains(said, "keeping") || !strings.Contains(said, "5000/10000") {
		t.Errorf("the bar says %q", said)
	}
	b.end()
	out.Reset()
	elsewhere := newBar(&out)
	elsewhere.tell("keep", 5_000, 10_000)
	elsewhere.end()
	if out.Len() != 0 {
		t.Errorf("without a terminal it says %q", out.String())
	}
}
