package mail

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"
)

// Timeouts are how long each step of a session may take (RFC 5321 4.5.3.2).
type Timeouts struct {
	Connect, Command, DataStart, Chunk, FinalDot time.Duration
}

// Patient are the timeouts the standard asks for.
var Patient = Timeouts{
	Connect: 30 * time.Second, Command: 5 * time.Minute, DataStart: 2 * time.Minute,
	Chunk: 3 * time.Minute, FinalDot: 10 * time.Minute,
}

// Relay is the transport over SMTP: one session for each letter.
type Relay struct {
	Host, Port     string
	User, Password string
	Implicit       bool        // TLS from the first byte (smtps)
	Plain          bool        // loopback only: go on without TLS where the relay offers none
	TLS            *tls.Config // nil: certificates checked against Host
	Name           string      // what we say in EHLO; "" is the machine's own name
	Timeouts       Timeouts
}

// NewRelay reads smtp://user@host:587 or smtps://user@host:465. Over smtp TLS
// is required except to a loopback address. The password comes from a file.
func NewRelay(address, passwordFile string) (*Relay, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Path != "" && u.Path != "/") {
		return nil, errors.New("RONDO_SMTP must look like smtp://user@host:587 or smtps://user@host:465")
	}
	r := &Relay{Host: u.Hostname(), Port: u.Port(), User: u.User.Username(), Timeouts: Patient}
	switch u.Scheme {
	case "smtp":
		r.Plain = loopback(r.Host)
	case "smtps":
		r.Implicit = true
	default:
		return nil, fmt.Errorf("RONDO_SMTP: %q is neither smtp nor smtps", u.Scheme)
	}
	if _, inURL := u.User.Password(); inURL {
		return nil, errors.New("RONDO_SMTP must not hold the password: put it into RONDO_SMTP_PASSWORD_FILE")
	}
	if r.Port == "" {
		r.Port = map[bool]string{true: "465", false: "587"}[r.Implicit]
	}
	if passwordFile != "" {
		raw, err := os.ReadFile(passwordFile)
		if err != nil {
			return nil, fmt.Errorf("RONDO_SMTP_PASSWORD_FILE: %w", err)
		}
		r.Password = strings.TrimRight(string(raw), "\r\n")
	}
	if r.User != "" && r.Password == "" {
		return nil, errors.New("RONDO_SMTP names a user: RONDO_SMTP_PASSWORD_FILE is needed as well")
	}
	r.Name, err = os.Hostname()
	if err != nil {
		r.Name = "localhost"
	}
	return r, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func (r *Relay) tls() *tls.Config {
	if r.TLS != nil {
		return r.TLS.Clone()
	}
	return &tls.Config{ServerName: r.Host, MinVersion: tls.VersionTLS12}
}
