package webtest

import (
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Listen opens a socket of this machine and gives it with its public URL, which
// the app must know before it is made.
func Listen(t testing.TB) (net.Listener, string) {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	return socket, "http://" + socket.Addr().String()
}

// Serve serves app on socket until the test ends.
func Serve(t testing.TB, app *fiber.App, socket net.Listener) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(socket) }()
	t.Cleanup(func() {
		_ = app.ShutdownWithTimeout(2 * time.Second)
		_ = socket.Close() // an app that has not begun yet begins after all, and ends here
		<-ended
	})
}
