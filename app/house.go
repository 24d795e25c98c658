package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"rondo/app/mail"
	"rondo/app/outbox"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/staff"
)

// operator is who the journal names when a command is run on the machine itself.
const operator = "operator"

// byItself is who the journal names when messages are queued by themselves.
const byItself = "schedule"

// House is everything a command or the service works with.
type House struct {
	Config *Config
	Store  *storage.Store
	Waves  *wave.Service
	Outbox *outbox.Outbox
	Log    *slog.Logger

	deadline time.Duration // of a request; 0: the usual one. Tests, which share few cores, wait longer
	names    resolver      // nil: the machine's
}

// openHouse opens the database, brings it to this version and wires what stands on it.
func openHouse(ctx context.Context, c *Config, log *slog.Logger) (*House, error) {
	store, err := storage.Open(ctx, c.database(), c.SecretFile)
	if err != nil {
		return nil, err
	}
	return newHouse(c, store, log), nil
}

// newHouse wires an open store.
func newHouse(c *Config, store *storage.Store, log *slog.Logger) *House {
	return &House{
		Config: c, Store: store, Log: log,
		Waves: &wave.Service{Store: store, PublicURL: c.PublicURL},
		Outbox: &outbox.Outbox{
			Identity: store.Identity, DB: store.DB, Secret: store.Secret,
			Sender:    outbox.NewSender(c.MailFrom, c.BounceDomain, store.Secret),
			PublicURL: c.PublicURL, Contact: web.ParseContact(c.Contact).Line(),
		},
	}
}

// withStore runs a command on an open house and closes it. A command makes no database: at a mistyped
// address it would work on an empty one, and nobody would see it.
func withStore(ctx context.Context, c *Config, do func(h *House) error) error {
	debug.SetGCPercent(gcPercent)
	store, err := storage.OpenExisting(ctx, c.database(), c.SecretFile)
	if err != nil {
		return err
	}
	h := newHouse(c, store, slog.New(slog.DiscardHandler))
	return errors.Join(do(h), h.Store.Close())
}

// journal notes what the operator did.
func (h *House) journal(ctx context.Context, action, object, detail string) error {
	return h.Store.Staff.Journal(ctx, staff.Entry{Actor: operator, Action: action, Object: object, Detail: detail})
}

// transport is where messages go: a relay, or a local folder when none is configured.
func (h *House) transport() (mail.Transport, error) {
	if h.Config.SMTP == "" {
		return mail.Folder{Path: h.Config.mailFolder()}, nil
	}
	return mail.NewRelay(h.Config.SMTP, h.Config.SMTPPasswordFile)
}

// signer signs messages where that is configured; else it is nil.
func (h *House) signer() (*mail.Signer, error) {
	c := h.Config
	if c.DKIMDomain == "" && c.DKIMSelector == "" && c.DKIMKeyFile == "" {
		return nil, nil
	}
	return mail.NewSigner(c.DKIMDomain, c.DKIMSelector, c.DKIMKeyFile, c.MailFrom)
}

// queue queues what is due of a kind of message.
func (h *House) queue(ctx context.Context, w identity.Wave, population, kind string) (int, outbox.Plan, error) {
	if err := h.beforeQueueing(ctx, population, kind); err != nil {
		return 0, outbox.Plan{}, err
	}
	return h.Outbox.Queue(ctx, w, population, kind)
}

// beforeQueueing is what comes before a kind of message is queued. Before employers are reminded their
// responses are mixed: which reminders are then handed over says who has answered by now, and must
// say nothing of whose the latest responses are.
func (h *House) beforeQueueing(ctx context.Context, population, kind string) error {
	if population != "employer" || kind != "reminder" {
		return nil
	}
	_, err := h.Store.Answers.Mix(ctx, true)
	return err
}

// scheduler queues by itself what schedules say, and journals it.
func (h *House) scheduler() *outbox.Scheduler {
	return &outbox.Scheduler{
		Outbox: h.Outbox, Log: h.Log, Ready: h.beforeQueueing,
		Note: func(ctx context.Context, w identity.Wave, plan outbox.Plan, number, added int) error {
			told, floored := outbox.Told(plan.Population, plan.Kind, added)
			return h.Store.Staff.Journal(ctx, staff.Entry{Actor: byItself, Action: "mail.queue", Object: w.Label,
				Detail: plan.Population + " " + outbox.EntryName(plan.Kind, number) + " " + amount(told, floored)})
		},
	}
}

// logger writes text to a terminal and JSON elsewhere.
func logger(c *Config, out io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if file, ok := out.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return slog.New(slog.NewTextHandler(out, options))
		}
	}
	return slog.New(slog.NewJSONHandler(out, options))
}

// sentence is an error as one line for a person.
func sentence(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if hint, ok := hints(err); ok {
		return text + ": " + hint
	}
	return text
}

// hints say what to do about errors an operator meets.
func hints(err error) (string, bool) {
	for _, known := range []struct {
		sentinel error
		hint     string
	}{
		{storage.ErrWrongSecret, "use the secret this database was made with (RONDO_SECRET_FILE)"},
		{storage.ErrLostSecret, "put its second copy back there, or name it in RONDO_SECRET_FILE; a new secret opens nothing"},
		{storage.ErrNoSecret, "set RONDO_SECRET_FILE to a file of mode 0600 that holds 32 random bytes in hex, such as: openssl rand -hex 32"},
		{storage.ErrNoDatabase, "name the right one in RONDO_DATABASE, or make it with `rondo migrate`"},
		{storage.ErrFull, "make room on it and try again; what was acknowledged is kept"},
		{storage.ErrNewer, "run the newer version"},
		{wave.ErrNoWave, "see `rondo wave status`"},
	} {
		if errors.Is(err, known.sentinel) {
			return known.hint, true
		}
	}
	return "", false
}

// confirm refuses an irreversible step that was not confirmed.
func confirm(yes bool, what string) error {
	if yes {
		return nil
	}
	return fmt.Errorf("%s cannot be undone; say --yes if you are sure", what)
}
