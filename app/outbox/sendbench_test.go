package outbox

import (
	"bufio"
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rondo/app/mail"
	"rondo/storage/storagetest"
)

// BenchmarkSend hands 400 messages over to a mail server that takes everything.
func BenchmarkSend(b *testing.B) {
	for _, dialect := range storagetest.Dialects {
		b.Run(dialect, func(b *testing.B) {
			store := storagetest.Open(b, dialect)
			var taken atomic.Int64
			relay, err := mail.NewRelay("smtp://"+takesAll(b, &taken), "")
			if err != nil {
				b.Fatal(err)
			}
			const n = 2000
			s := newScene(b, &Outbox{DB: store.DB, Identity: store.Identity, Secret: store.Secret}, n)
			for b.Loop() {
				b.StopTimer()
				if _, err := store.DB.Exec(context.Background(), "DELETE FROM messages"); err != nil {
					b.Fatal(err)
				}
				s.queue(b, "employer", "invitation", n)
				ctx, stop := context.WithCancel(context.Background())
				w := s.worker(relay)
				w.Rate, w.PerDomain = 100_000, 4
				b.StartTimer()
				ended, before := make(chan struct{}), taken.Load()
				go func() { _ = w.Run(ctx); close(ended) }()
				for taken.Load() < before+n {
					time.Sleep(time.Millisecond)
				}
				stop()
				<-ended
			}
		})
	}
}

// takesAll is a mail server without any work of its own.
func takesAll(b *testing.B, taken *atomic.Int64) string {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = socket.Close() })
	go func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				lines, content := bufio.NewScanner(conn), false
				_, _ = conn.Write([]byte("220 x\r\n"))
				for lines.Scan() {
					say := "250 ok\r\n"
					switch line := lines.Text(); {
					case content && line == ".":
						content = false
						taken.Add(1)
					case content:
						continue
					case strings.EqualFold(line, "DATA"):
						content, say = true, "354 go\r\n"
					}
					_, _ = conn.Write([]byte(say))
				}
			}()
		}
	}()
	return socket.Addr().String()
}
