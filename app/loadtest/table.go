package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

const megabyte = 1 << 20

// print writes the figures as a table: what was measured, what is wanted, the bound of the same
// run, and the measured as a share of the bound.
func (f figures) print(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(figure, measured, target, bound, ratio string) {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\n", figure, measured, target, bound, ratio)
	}
	o := f.Outcome
	saves, requests := float64(len(o.Saves))/o.Seconds, float64(o.Requests)/o.Seconds
	p99 := o.Percentile(.99)
	row("figure", "measured", "target", "bound of this run", "ratio")
	row("ready after start", duration(f.Ready), want("<= 1s", f.Ready <= time.Second), "", "")
	row("memory, idle", size(f.Idle), want("< 50 MB", f.Idle < 50*megabyte), "", "")
	row("memory, most under load", size(f.Loaded), want("< 100 MB", f.Loaded < 100*megabyte), "", "")
	looks, p95 := f.Reading.PerSecond(), percentile(f.Reading.Looks, .95)
	row("pages shown/s", fmt.Sprintf("%.0f", looks), want(">= 800", looks >= 800), fmt.Sprintf("%.0f static files/s", f.Assets), fmt.Sprintf("%.2f", looks/f.Assets))
	row("page shown p95", duration(p95), want("< 80ms", p95 < 80*time.Millisecond), "", "")
	row("completions/s", fmt.Sprintf("%.1f", o.PerSecond()), want(">= 60", o.PerSecond() >= 60), "", "")
	row("page saves/s", fmt.Sprintf("%.0f", saves), "", fmt.Sprintf("%.0f single-row commits/s", f.Commits), fmt.Sprintf("%.2f", saves/f.Commits))
	row("requests/s", fmt.Sprintf("%.0f", requests), "", fmt.Sprintf("%.0f static files/s", f.Assets), fmt.Sprintf("%.2f", requests/f.Assets))
	row("processor/completion", duration(o.each(f.Service))+" service", "", duration(o.each(f.Client))+" respondents", "")
	if f.Server > 0 {
		row("", duration(o.each(f.Server))+" PostgreSQL", "", "", "")
	}
	row("page save p50", duration(o.Percentile(.5)), "", "", "")
	row("page save p95", duration(o.Percentile(.95)), "", "", "")
	row("page save p99", duration(p99), want("< 100ms", p99 < 100*time.Millisecond), "", "")
	row(fmt.Sprintf("import of %d lines", listLines), duration(f.Import), want("< 5s", f.Import < 5*time.Second),
		duration(f.Inserts)+" for as many rows", fmt.Sprintf("%.1f", f.Import.Seconds()/f.Inserts.Seconds()))
	row("sending", fmt.Sprintf("%.1f messages/s", float64(f.Sending.Messages)/f.Sending.Took.Seconds()), "", fmt.Sprintf("%d configured", sendRate), fmt.Sprintf("%.2f", float64(f.Sending.Messages)/f.Sending.Took.Seconds()/sendRate))
	share := f.Sending.core(f.Sending.Service)
	row("processor/100 messages/s", fmt.Sprintf("%.1f %% of a core", share), want("< 5 %", share < 5), "", "")
	if f.Server > 0 {
		row("", fmt.Sprintf("%.1f %% PostgreSQL", f.Sending.core(f.Sending.Server)), "", "", "")
	}
	row("completed", fmt.Sprint(o.Completions), "", "", "")
	row("errors", fmt.Sprint(o.Errors), want("0", o.Errors == 0), "", "")
	return t.Flush()
}

// each is a total as a share per completion.
func (o Outcome) each(total time.Duration) time.Duration {
	return total / time.Duration(max(1, o.Completions))
}

// want is a target, marked where it was missed.
func want(target string, met bool) string {
	if met {
		return target
	}
	return target + " MISSED"
}

func duration(d time.Duration) string { return round(d).String() }

func size(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/megabyte) }
