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
	// Rounds so small that after the last kill something is left.
	w := &Worker{Outbox: o, Transport: relay, Rate: 60, PerDomain: 4, Done: nobody}
	if os.Getenv("RONDO_TEST_DIES") == "after 250" {
		w.Transport, w.Parallel = lastWords{relay}, 1
		w.Rate = roundsPerSecond // one message a round: others it took would wait for its lease
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

// killed is a wave whose senders are processes of their own, which die.
type killed struct {
	*scene
	t                *testing.T
	sink             *sink
	relay            *mail.Relay
	database, secret string
}

func newKilled(t *testing.T, dialect string, messages int) *killed {
	t.Helper()
	k := &killed{t: t, database: storagetest.URL(t, dialect), secret: storagetest.SecretFile(t)}
	store, err := storage.Open(context.Background(), k.database, k.secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	k.scene = newScene(t, &Outbox{DB: store.DB, Identity: store.Identity, Secret: store.Secret}, messages)
	k.sink, k.relay = startSink(t)
	k.queue(t, "employer", "invitation", messages)
	return k
}

// sender starts a process that sends.
func (k *killed) sender(dies string) *exec.Cmd {
	k.t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "RONDO_TEST_SENDER="+k.database, "RONDO_TEST_SECRET="+k.secret,
		"RONDO_TEST_RELAY=smtp://"+k.relay.Host+":"+k.relay.Port, "RONDO_TEST_DIES="+dies)
	if err := child.Start(); err != nil {
		k.t.Fatal(err)
	}
	return child
}

// buried ends the claims of the dead, as if their leases were over.
func (k *killed) buried() {
	k.t.Helper()
	k.DB.SetOffset(lease + time.Second)
	defer k.DB.SetOffset(0)
	if _, _, err := k.Identity.ReapLeases(context.Background()); err != nil {
		k.t.Fatal(err)
	}
}

// settle lets a sender that lives send the rest, and gives how many of n are unknown.
func (k *killed) settle(n int) (unknown int) {
	k.t.Helper()
	w := k.worker(k.relay)
	w.PerDomain = 4
	run(k.t, []*Worker{w}, func() bool { return k.idleNow(k.t) })
	got, to := k.states(k.t, "invitation"), map[string]int{}
	for _, r := range k.sink.all() {
		if to[r.to]++; to[r.to] > 1 {
			k.t.Errorf("%s got it twice", strings.SplitN(r.to, "@", 2)[0])
		}
	}
	if got["sent"]+got["unknown"] != n || len(to) < got["sent"] {
		k.t.Errorf("states %v, %d in the sink", got, len(to))
	}
	return got["unknown"]
}

func TestASenderKilledAtAnyMomentSendsNothingTwiceAndForgetsNothing(t *testing.T) {
	const messages, parallel = killedWave, 4
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			k := newKilled(t, dialect, messages)
			for range kills {
				before := len(k.sink.all())
				child := k.sender("at any moment")
				for i := 0; len(k.sink.all()) == before && i < 1000; i++ {
					time.Sleep(5 * time.Millisecond)
				}
				time.Sleep(rand.N(30 * time.Millisecond))
				_ = child.Process.Kill()
				_ = child.Wait() // it was killed
				k.buried()
			}
			killed := len(k.sink.all())
			unknown := k.settle(messages)
			t.Logf("%d kills: %d messages were in the sink by then, %d are unknown", kills, killed, unknown)
			if unknown > kills*parallel || killed < kills || killed == messages {
				t.Errorf("%d unknown after %d kills, %d messages sent meanwhile", unknown, kills, killed)
			}
		})
	}
}

// Several instances at once, each of which dies between the relay's 250 and our commit: exactly what
// they took with them is unknown.
func TestASenderThatDiesAfter250LeavesAnUnknownMessageAndNoDuplicate(t *testing.T) {
	const messages, atOnce = deaths + 30, 4
	for _, dialect := range storagetest.Dialects {
		t.Run(dialect, func(t *testing.T) {
			k := newKilled(t, dialect, messages)
			for range deaths / atOnce {
				var children [atOnce]*exec.Cmd
				for i := range children {
					children[i] = k.sender("after 250")
				}
				for _, child := range children {
					if err := child.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
						t.Fatalf("a sender ended otherwise: %v", err)
					}
				}
				k.buried()
			}
			if unknown := k.settle(messages); unknown != deaths || len(k.sink.all()) != messages {
				t.Errorf("%d deaths left %d unknown, and %d messages in the sink", deaths, unknown, len(k.sink.all()))
			}
		})
	}
}
