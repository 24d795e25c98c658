package outbox

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"rondo/app/mail"
	"rondo/storage"
	"rondo/storage/identity"
	"rondo/storage/storagetest"
)

// TestMain lets the test program be its own sender, so that a test can kill it.
func TestMain(m *testing.M) {
	if database := os.Getenv("RONDO_TEST_SENDER"); database != "" {
		sendUntilKilled(database)
	}
	os.Exit(m.Run())
}

func sendUntilKilled(database string) {
	s, err := storage.Open(context.Background(), database, os.Getenv("RONDO_TEST_SECRET"))
	if err != nil {
		panic(err)
	}
	relay, err := mail.NewRelay(os.Getenv("RONDO_TEST_RELAY"), "")
	if err != nil {
		panic(err)
	}
	o := &Outbox{DB: s.DB, Identity: s.Identity, Secret: s.Secret, PublicURL: public, Contact: "+41 58 000 00 00",
		Sender: NewSender("studie@example.ch", "", s.Secret)}
	w := &Worker{Outbox: o, Transport: relay, Rate: 500, Done: func(context.Context, identity.Participant) (bool, error) { return false, nil }}
	if os.Getenv("RONDO_TEST_DIES") == "after 250" {
		w.Transport = lastWords{relay}
	}
	if err := w.Run(context.Background()); err != nil {
		panic(err)
	}
}

// lastWords kills the process between the relay's 250 and our commit.
type lastWords struct{ mail.Transport }

func (l lastWords) Send(ctx context.Context, letter mail.Letter, transmitting func() error) mail.Outcome {
	outcome := l.Transport.Send(ctx, letter, transmitting)
	if outcome.Result == mail.Sent {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		time.Sleep(time.Minute)
	}
	return outcome
}

func TestAKilledSenderSendsNothingTwiceAndForgetsNothing(t *testing.T) {
	for _, dialect := range storagetest.Dialects {
		for _, dies := range []string{"at any moment", "after 250"} {
			t.Run(dialect+" "+dies, func(t *testing.T) { killRounds(t, dialect, dies) })
		}
	}
}

func killRounds(t *testing.T, dialect, dies string) {
	const messages, rounds, parallel = 150, 4, 4
	ctx, database, secret := context.Background(), storagetest.URL(t, dialect), storagetest.SecretFile(t)
	store, err := storage.Open(ctx, database, secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	s := newScene(t, &Outbox{DB: store.DB, Identity: store.Identity, Secret: store.Secret}, messages)
	sink, relay := startSink(t)
	s.queue(t, "employer", "invitation", messages)

	for range rounds {
		before := len(sink.all())
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), "RONDO_TEST_SENDER="+database, "RONDO_TEST_SECRET="+secret,
			"RONDO_TEST_RELAY=smtp://"+relay.Host+":"+relay.Port, "RONDO_TEST_DIES="+dies)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		for i := 0; len(sink.all()) == before && i < 500; i++ {
			time.Sleep(10 * time.Millisecond)
		}
		if dies == "at any moment" {
			time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
			_ = child.Process.Kill()
		}
		_ = child.Wait()
		s.DB.SetOffset(lease + time.Second)
		if _, _, err := s.Identity.ReapLeases(ctx); err != nil {
			t.Fatal(err)
		}
		s.DB.SetOffset(0)
	}
	run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })

	got, to := s.states(t, "invitation"), map[string]int{}
	for _, r := range sink.all() {
		if to[r.to]++; to[r.to] > 1 {
			t.Errorf("%s got it twice", strings.SplitN(r.to, "@", 2)[0])
		}
	}
	if got["sent"]+got["unknown"] != messages || got["unknown"] > parallel*rounds || len(to) < got["sent"] {
		t.Errorf("states %v, %d in the sink", got, len(to))
	}
	if dies == "after 250" && got["unknown"] < rounds {
		t.Errorf("%d unknown after %d deaths between 250 and commit", got["unknown"], rounds)
	}
}
