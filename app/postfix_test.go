package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// postfix is a real mail server of this test's own: its settings, queue and mailboxes lie in a
// temporary folder, and the one of the machine is never touched.
type postfix struct {
	t      *testing.T
	folder string
	addr   string // host:port
}

const nobody = 65534 // who owns the mailboxes

// startPostfix starts a Postfix that delivers to a Maildir folder for each address, and all of a
// bounce domain into one folder. It takes every recipient and reports later, as a server does that
// hands on to others.
func startPostfix(t *testing.T, addresses []string) *postfix {
	t.Helper()
	if os.Geteuid() != 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("Postfix needs root")
		}
		t.Skip("Postfix needs root")
	}
	folder, err := os.MkdirTemp("", "rondo-postfix-") // t.TempDir is closed to the users Postfix runs as
	must(t, err)
	p := &postfix{t: t, folder: folder, addr: freeListen(t)}
	must(t, os.Chmod(folder, 0o755))
	owner, err := user.Lookup("postfix")
	must(t, err)
	postfixUser, err := strconv.Atoi(owner.Uid)
	must(t, err)
	for _, part := range []struct {
		name string
		uid  int
	}{
		{"config", 0}, {"queue", 0}, {"data", postfixUser}, {"mail", nobody}, {"mail/bounces", nobody},
		{"mail/bounces/new", nobody}, {"mail/bounces/cur", nobody}, {"mail/bounces/tmp", nobody},
	} {
		must(t, os.Mkdir(filepath.Join(folder, part.name), 0o755))
		must(t, os.Chown(filepath.Join(folder, part.name), part.uid, -1))
	}
	var boxes strings.Builder
	for _, a := range addresses {
		fmt.Fprintf(&boxes, "%s %s/\n", a, strings.SplitN(a, "@", 2)[0])
	}
	for name, text := range map[string]string{
		"main.cf": p.settings(), "master.cf": p.services(), "boxes": boxes.String(), "bounces": "/^b\\+.*@bounce\\.example\\.ch$/ bounces/\n",
	} {
		must(t, os.WriteFile(filepath.Join(folder, "config", name), []byte(text), 0o644))
	}
	t.Cleanup(p.stop)
	p.do("start")
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("Postfix says:\n%s", p.log())
		}
	})
	eventually(t, "Postfix listens", func() bool {
		conn, err := net.DialTimeout("tcp", p.addr, time.Second)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return p
}

func (p *postfix) settings() string {
	return strings.NewReplacer("FOLDER", p.folder).Replace(`compatibility_level = 3.6
queue_directory = FOLDER/queue
data_directory = FOLDER/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = FOLDER/log
maillog_file_prefixes = FOLDER
myhostname = relay.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
local_recipient_maps =
smtpd_peername_lookup = no
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_relay_restrictions = permit_mynetworks, reject
virtual_mailbox_domains = firma.example.ch, bounce.example.ch
virtual_mailbox_base = FOLDER/mail
virtual_mailbox_maps = texthash:FOLDER/config/boxes, regexp:FOLDER/config/bounces
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
in_flow_delay = 0
`)
}

func (p *postfix) services() string {
	return p.addr + ` inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`
}

func (p *postfix) do(what string) {
	p.t.Helper()
	var out bytes.Buffer
	command := exec.Command("/usr/sbin/postfix", "-c", filepath.Join(p.folder, "config"), what)
	command.Stdout, command.Stderr = &out, &out
	if err := command.Run(); err != nil {
		p.t.Errorf("postfix %s: %v\n%s%s", what, err, &out, p.log())
	}
}

func (p *postfix) stop() {
	p.do("stop")
	must(p.t, os.RemoveAll(p.folder))
}

func (p *postfix) log() string {
	text, _ := os.ReadFile(filepath.Join(p.folder, "log"))
	return string(text[max(0, len(text)-4000):])
}

// bounces is the Maildir folder of the bounce domain.
func (p *postfix) bounces() string { return filepath.Join(p.folder, "mail", "bounces") }

// box is what lies in the mailbox of an address.
func (p *postfix) box(address string) (mails [][]byte) {
	p.t.Helper()
	files, err := filepath.Glob(filepath.Join(p.folder, "mail", strings.SplitN(address, "@", 2)[0], "new", "*"))
	must(p.t, err)
	for _, name := range files {
		mail, err := os.ReadFile(name)
		must(p.t, err)
		mails = append(mails, mail)
	}
	return mails
}

// filled is how many mailboxes hold something.
func (p *postfix) filled() int {
	files, err := filepath.Glob(filepath.Join(p.folder, "mail", "[en]*", "new", "*"))
	must(p.t, err)
	return len(files)
}
