package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"rondo/storage/db"
)

// Bench starts the service on each database and measures it.
type Bench struct {
	Part        string        `default:"all" enum:"all,answers,planning,releases" help:"What is measured: answers, planning, releases, or all."`
	Employers   int           `default:"600" help:"How many employers answer."`
	Messages    int           `default:"2000" help:"How many invitations are sent, 100 a second."`
	Invitations int           `default:"10000" help:"How many invitations are planned."`
	Responses   int           `default:"100000" help:"How many responses the internal CSV holds; a tenth of it is measured beside it."`
	Concurrency int           `default:"32" help:"How many answer at the same time."`
	Database    string        `default:"both" enum:"sqlite,postgres,both" help:"sqlite, postgres or both."`
	Folder      string        `type:"existingdir" help:"Where the databases are put meanwhile; default: the temporary folder. In memory the bound means nothing."`
	During      time.Duration `default:"3s" help:"How long each bound is measured."`
	Binary      string        `type:"existingfile" help:"Service to measure; default: built from this source."`
	Profile     string        `type:"existingdir" help:"Folder to write CPU profiles to: of the service under load and of the respondents (client-)."`
}

// figures are what one run measured on one database.
type figures struct {
	Ready           time.Duration
	Idle, Loaded    int64         // bytes
	Service, Client time.Duration // processor time under load, of the service and of us
	Server          time.Duration // the same of PostgreSQL; SQLite is in the service's
	Sending         sending
	Reading         Reading
	Outcome         Outcome
	Commits, Assets float64 // the bounds, per second

	Import, Inserts time.Duration // of a list, and its bound
}

// Run is the command.
func (b Bench) Run(ctx context.Context) error {
	folder, err := os.MkdirTemp(b.Folder, "rondo-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := os.Chmod(folder, 0o711); err != nil { // the account of PostgreSQL passes through
		return err
	}
	if b.Binary == "" {
		b.Binary = filepath.Join(folder, "rondo")
		build := exec.CommandContext(ctx, "go", "build", "-o", b.Binary, "rondo/app")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("go build: %w", err)
		}
	}
	for _, part := range []struct {
		name    string
		measure func(ctx context.Context, folder string) error
	}{{"answers", b.answers}, {"planning", b.plannings}, {"releases", b.releases}} {
		if b.Part != "all" && b.Part != part.name {
			continue
		}
		if err := part.measure(ctx, folder); err != nil {
			return err
		}
	}
	return nil
}

// answers measures and prints the answering on each database.
func (b Bench) answers(ctx context.Context, folder string) error {
	fmt.Printf("%d cores shared by service, database and %d virtual respondents\n", runtime.NumCPU(), b.Concurrency)
	for _, dialect := range []string{db.SQLite, db.PostgreSQL} {
		if b.Database != "both" && b.Database != dialect {
			continue
		}
		fmt.Printf("\n%s\n", dialectName(dialect))
		f, err := b.measure(ctx, folder, dialect)
		if err != nil {
			return fmt.Errorf("%s: %w", dialectName(dialect), err)
		}
		if err := f.print(os.Stdout); err != nil {
			return err
		}
	}
	return nil
}

// measure makes a site, measures it and takes it away.
func (b Bench) measure(ctx context.Context, folder, dialect string) (f figures, err error) {
	s, err := newSite(ctx, folder, b.Binary, dialect)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	answering := b.Concurrency + b.Employers
	links, err := s.field(ctx, max(answering, b.Messages))
	if err != nil {
		return f, err
	}
	if f.Import, f.Inserts, err = s.importing(ctx); err != nil {
		return f, err
	}
	if f.Commits, err = commits(ctx, s.database, b.Concurrency, b.During); err != nil {
		return f, err
	}
	sent := ""
	if b.Profile != "" {
		sent = filepath.Join(b.Profile, "sending-"+dialect+".pprof")
	}
	if f.Sending, err = s.send(ctx, max(answering, b.Messages), sent); err != nil {
		return f, err
	}
	up, err := s.serve(ctx)
	if err != nil {
		return f, err
	}
	err = b.load(ctx, s, up, dialect, links[:answering], &f)
	if err := errors.Join(err, up.stop()); err != nil {
		return f, err
	}
	return f, check(ctx, s.database, s.secret, f.Outcome)
}

// load measures a running service.
func (b Bench) load(ctx context.Context, s *site, up *server, dialect string, links []string, f *figures) error {
	f.Ready = up.ready
	time.Sleep(settling)
	var err error
	if f.Idle, err = up.memory("VmRSS"); err != nil {
		return err
	}
	if f.Assets, err = assets(ctx, s.url(), b.Concurrency, b.During); err != nil {
		return err
	}
	readers, links := links[:b.Concurrency], links[b.Concurrency:]
	if f.Reading, err = read(ctx, s.url(), readers, b.During); err != nil {
		return err
	}
	profiled, err := b.profiles(ctx, s, dialect)
	if err != nil {
		return err
	}
	service, client := up.cmd.Process.Pid, os.Getpid()
	f.Service, f.Client, f.Server = -processor(service), -processor(client), -family(s.server)
	f.Outcome = load(ctx, s.url(), links, b.Concurrency)
	f.Service, f.Client, f.Server = f.Service+processor(service), f.Client+processor(client), f.Server+family(s.server)
	if f.Outcome.FirstError != nil {
		fmt.Println("first error:", f.Outcome.FirstError)
	}
	err = profiled()
	var most error
	f.Loaded, most = up.memory("VmHWM")
	return errors.Join(err, most)
}

// profiles begins to write what service and respondents spend their time on, if that is asked
// for, and gives what ends it.
func (b Bench) profiles(ctx context.Context, s *site, dialect string) (end func() error, err error) {
	if b.Profile == "" {
		return func() error { return nil }, nil
	}
	out, err := os.Create(filepath.Join(b.Profile, "client-"+dialect+".pprof"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(out); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	service := make(chan error, 1)
	go func() { service <- s.profile(ctx, filepath.Join(b.Profile, dialect+".pprof")) }()
	return func() error {
		pprof.StopCPUProfile()
		return errors.Join(out.Close(), <-service)
	}, nil
}

// profile keeps what the service spends its time on.
func (s *site) profile(ctx context.Context, name string) error {
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	status, err := fetch(ctx, "http://"+s.internal+"/debug/pprof/profile?seconds=5", out)
	if err == nil && status != 200 {
		err = fmt.Errorf("the profile answered %d", status)
	}
	return errors.Join(err, out.Close())
}
