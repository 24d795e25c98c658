// Loadtest answers whole employer questionnaires, page by page, over HTTP, and says how fast
// and how surely they were kept. It sends only to this machine.
//
//	loadtest --url http://127.0.0.1:8080 --links links.csv --concurrency 32 [--database URL]
//	loadtest bench
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"
)

type cli struct {
	Run   Run   `cmd:"" default:"withargs" help:"Answer the questionnaires behind the links of a file."`
	Bench Bench `cmd:"" help:"Start servers on both databases and measure them against a bound of the same run."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var c cli
	call := kong.Parse(&c, kong.Name("loadtest"), kong.Description("Answers questionnaires under load and checks what was acknowledged."))
	call.BindTo(ctx, (*context.Context)(nil))
	if err := call.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "loadtest:", err)
		os.Exit(1)
	}
}
