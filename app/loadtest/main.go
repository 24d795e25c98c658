package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

type cli struct {
	Run   Run   `cmd:"" default:"withargs" help:"Answer the questionnaires behind the links of a file."`
	Bench Bench `cmd:"" help:"Start servers on both databases and measure them against a bound of the same run."`
}

func main() {
	debug.SetGCPercent(400) // the cores belong to the service that is measured
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	call := kong.Parse(&c, kong.Name("loadtest"), kong.Description("Answers questionnaires under load and checks what was acknowledged."))
	call.BindTo(ctx, (*context.Context)(nil))
	if err := call.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "loadtest:", err)
		os.Exit(1)
	}
}
