package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/go-playground/validator/v10"
)

// main runs one command: exit 0 done, 1 refused or failed with one sentence, 2 bad usage.
func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}

// Streams are where a command reads and writes, so that tests can run one in this process.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// usage is a mistake in how a command was called (exit 2).
type usage struct{ error }

// run is main with its surroundings given.
func run(ctx context.Context, args, environ []string, streams Streams) int {
	var cli CLI
	exit, exited := 0, false
	parser, err := kong.New(&cli,
		kong.Name("rondo"), kong.Description("One survey, run again and again: the FSIO study of IV offices and employers."),
		kong.Writers(streams.Out, streams.Err), kong.Exit(func(code int) { exit, exited = code, true }),
		kong.UsageOnError(), kong.Vars{"version": version()},
	)
	if err != nil {
		fmt.Fprintln(streams.Err, "rondo:", err)
		return 1
	}
	if err := unknownSettings(environ, knownSettings()); err != nil {
		fmt.Fprintln(streams.Err, "rondo:", err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"serve"}
	}
	call, err := parser.Parse(args)
	if exited {
		return exit
	}
	if err != nil {
		fmt.Fprintln(streams.Err, "rondo:", err)
		return 2
	}
	if err := cli.Config.check(); err != nil {
		fmt.Fprintln(streams.Err, "rondo:", err)
		return 2
	}
	call.BindTo(ctx, (*context.Context)(nil))
	err = call.Run(&cli.Config, streams)
	return verdict(err, streams.Err)
}

// verdict prints what went wrong in one sentence and gives the exit code.
func verdict(err error, out io.Writer) int {
	var bad usage
	switch {
	case err == nil:
		return 0
	case errors.As(err, &bad):
		fmt.Fprintln(out, "rondo:", err)
		return 2
	default:
		fmt.Fprintln(out, "rondo:", sentence(err))
		return 1
	}
}

// knownSettings are the RONDO_ names of Config.
func knownSettings() []string {
	var names []string
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("env"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func asFields(err error, into *validator.ValidationErrors) bool { return errors.As(err, into) }

// version is the commit this binary was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "unknown"
}
