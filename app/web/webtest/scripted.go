package webtest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Step is how a scripted mail server behaves at one point of a session: it waits, says something
// (lines without their end; "" the usual answer) and then goes on, hangs up or falls silent.
type Step struct {
	Wait           time.Duration
	Say            string
	Drop, Silent   bool
	BeforeAnything bool // drop or fall silent without saying anything
}

// Scripted is a mail server on this machine that keeps to a script. Its keys are greeting, EHLO,
// STARTTLS, AUTH, MAIL, RCPT, DATA, content (after the first line of it), "." and QUIT.
type Scripted struct {
	Addr  string
	steps map[string]Step
	taken atomic.Int32
	stop  chan struct{}
	proof tls.Certificate
}

// usual are the answers of a server that takes everything.
var usual = map[string]string{
	"greeting": "220 scripted.test", "EHLO": "250-scripted.test\r\n250 8BITMIME", "STARTTLS": "220 go on", "AUTH": "235 welcome",
	"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", ".": "250 taken", "QUIT": "221 bye",
}

// Script starts a server that keeps to steps and ends with the test. After STARTTLS it shows a
// certificate that nobody has signed.
func Script(t testing.TB, steps map[string]Step) *Scripted {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Scripted{Addr: socket.Addr().String(), steps: steps, stop: make(chan struct{})}
	if s.proof, err = unsigned(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(s.stop)
		_ = socket.Close()
	})
	go func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			go s.session(conn)
		}
	}()
	return s
}

// Taken is how many messages the server has taken to heart, whatever it said about them.
func (s *Scripted) Taken() int { return int(s.taken.Load()) }

// play does what the script says at one point; false ends the session.
func (s *Scripted) play(conn net.Conn, at string) bool {
	step := s.steps[at]
	if step.Wait > 0 {
		select {
		case <-time.After(step.Wait):
		case <-s.stop:
			return false
		}
	}
	if !step.BeforeAnything {
		say := step.Say
		if say == "" {
			say = usual[at]
		}
		if say != "" {
			if _, err := io.WriteString(conn, say+"\r\n"); err != nil {
				return false
			}
		}
	}
	if step.Silent {
		<-s.stop
	}
	return !step.Drop && !step.Silent
}

func (s *Scripted) session(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	if !s.play(conn, "greeting") {
		return
	}
	lines, content, begun := bufio.NewReader(conn), false, false
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb := strings.ToUpper(strings.SplitN(line, " ", 2)[0])
		switch {
		case content && line == ".":
			content, verb = false, "."
			s.take()
		case content && !begun:
			begun = true
			if step, scripted := s.steps["content"]; scripted && (step.Drop || step.Silent) && !s.play(conn, "content") {
				return
			}
			continue
		case content:
			continue
		}
		if !s.play(conn, verb) {
			return
		}
		switch verb {
		case "DATA":
			content, begun = true, false
		case "STARTTLS":
			secured := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.proof}, MinVersion: tls.VersionTLS12})
			conn, lines = secured, bufio.NewReader(secured)
		}
	}
}

// take counts a message unless the script refuses it.
func (s *Scripted) take() {
	if say := s.steps["."].Say; say == "" || strings.HasPrefix(say, "2") {
		s.taken.Add(1)
	}
}

// unsigned makes a certificate that nobody has signed.
func unsigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"scripted.test"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
