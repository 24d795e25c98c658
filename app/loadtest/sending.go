package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"
)

// settling is how long a service has after its start before it is measured: what a start leaves
// behind is done then.
const settling = 2 * time.Second

// sendRate is how many messages per second the service is told to send.
const sendRate = 100

// sink is a mail server that takes everything as fast as it comes, commands also together (RFC 2920)
// as relays do, and keeps nothing.
type sink struct {
	socket net.Listener
	taken  atomic.Int64
}

func startSink(ctx context.Context) (*sink, error) {
	socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sink{socket: socket}
	go func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			go s.session(conn)
		}
	}()
	return s, nil
}

// session answers one client.
func (s *sink) session(conn net.Conn) {
	defer conn.Close()
	lines, replies, content := bufio.NewReaderSize(conn, 64<<10), bufio.NewWriter(conn), false
	say := func(line string) { _, _ = replies.WriteString(line + "\r\n") } // a client that has gone shows at the next read
	say("220 sink")
	for {
		if lines.Buffered() == 0 {
			_ = replies.Flush()
		}
		line, err := lines.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case content && string(line) == ".":
			content = false
			s.taken.Add(1)
			say("250 taken")
		case content:
		case strings.HasPrefix(string(line), "EHLO"):
			say("250-sink")
			say("250 PIPELINING")
		case strings.EqualFold(string(line), "DATA"):
			content = true
			say("354 go on")
		case strings.EqualFold(string(line), "QUIT"):
			say("221 bye")
			_ = replies.Flush()
			return
		default:
			say("250 ok")
		}
	}
}

// sending is what handing over a wave's invitations took.
type sending struct {
	Messages        int64
	Took            time.Duration
	Service, Server time.Duration // processor time
}

// core is the share of a core, in percent, that busy is at 100 messages per second.
func (s sending) core(busy time.Duration) float64 {
	return busy.Seconds() / float64(max(1, s.Messages)) * 100 * 100
}

// send lets a service of its own hand over the invitations of a wave of n to a sink.
// Where profile names a file, it is written what the service spends its time on meanwhile.
func (s *site) send(ctx context.Context, n int, profile string) (m sending, err error) {
	box, err := startSink(ctx)
	if err != nil {
		return m, err
	}
	defer box.socket.Close()
	s.smtp = box.socket.Addr().String()
	defer func() { s.smtp = "" }() // what is measured next sends nothing
	up, err := s.serve(ctx)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, up.stop()) }()

	// The first page reads the words, which takes as long as a hundred messages; once is enough.
	if _, err := fetch(ctx, s.url()+"/privacy", io.Discard); err != nil {
		return m, err
	}
	time.Sleep(settling)
	if profile != "" {
		written := make(chan error, 1)
		go func() { written <- s.profile(ctx, profile) }()
		defer func() { err = errors.Join(err, <-written) }()
	}
	queued := time.Now()
	began := queued
	m.Service, m.Server = -processor(up.cmd.Process.Pid), -family(s.server)
	if _, err := s.rondo(ctx, "mail", "send", "--wave", label, "--kind", "invitation", "--population", "employer"); err != nil {
		return m, err
	}
	for m.Messages < int64(n) {
		if time.Since(queued) > time.Minute+2*time.Duration(n)*time.Second/sendRate {
			return m, fmt.Errorf("%d of %d messages were handed over in %v", m.Messages, n, time.Since(queued).Round(time.Second))
		}
		time.Sleep(5 * time.Millisecond)
		if m.Messages = box.taken.Load(); m.Messages == 0 {
			began = time.Now()
		}
	}
	m.Service, m.Server, m.Took = m.Service+processor(up.cmd.Process.Pid), m.Server+family(s.server), time.Since(began)
	return m, nil
}
