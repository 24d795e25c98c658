package storagetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"rondo/storage/db"
)

// cluster is the throw-away server of this test process.
type cluster struct {
	folder string // socket, data and log
	bin    string
	as     string // account it runs as; "" is our own
}

const template = "rondo_template"

var (
	theCluster = sync.OnceValues(startCluster)
	databases  atomic.Int64
)

// errMissing is the sentence for a machine without PostgreSQL.
var errMissing = errors.New("PostgreSQL is not installed: the tests run on both databases; install postgresql (see README) so that /usr/lib/postgresql/*/bin or PATH has initdb")

func startCluster() (*cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	c := &cluster{bin: bin}
	if os.Getuid() == 0 {
		c.as = "postgres" // the server refuses to run as root
	}
	if c.folder, err = os.MkdirTemp(shortTemp(), "rondo-pg-"); err != nil {
		return nil, err
	}
	if err := c.own(); err != nil {
		return nil, err
	}
	if err := c.run("initdb", "-D", c.folder+"/data", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		return nil, err
	}
	stop := c.command(context.Background(), "pg_ctl", "-D", c.folder+"/data", "-m", "fast", "-w", "stop")
	if err := clearUp(c.folder, stop.Args); err != nil {
		return nil, err
	}
	options := "-c listen_addresses='' -c max_connections=200 -c dynamic_shared_memory_type=mmap -c unix_socket_directories=" + c.folder
	if err := c.run("pg_ctl", "-D", c.folder+"/data", "-w", "-t", "60", "-l", c.folder+"/log", "-o", options, "start"); err != nil {
		return nil, err
	}
	return c, c.makeTemplate()
}

// binaries finds the newest installed server.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errMissing
}

func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}

func (c *cluster) own() error {
	if c.as == "" {
		return nil
	}
	who, err := user.Lookup(c.as)
	if err != nil {
		return fmt.Errorf("find the account that runs PostgreSQL: %w", err)
	}
	uid, _ := strconv.Atoi(who.Uid)
	gid, _ := strconv.Atoi(who.Gid)
	return os.Chown(c.folder, uid, gid)
}

func (c *cluster) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	args = append([]string{filepath.Join(c.bin, name)}, args...)
	if c.as != "" {
		args = append([]string{"runuser", "-u", c.as, "--"}, args...)
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = c.folder
	return cmd
}

// run runs one of PostgreSQL's programs; its output goes to a file, because the
// server would keep a pipe open.
func (c *cluster) run(name string, args ...string) error {
	out, err := os.CreateTemp(c.folder, name+"-*")
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := c.command(context.Background(), name, args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}

func (c *cluster) url(database string) string {
	return "postgres://postgres@/" + database + "?host=" + c.folder
}

func (c *cluster) makeTemplate() error {
	ctx := context.Background()
	if err := c.sql("CREATE DATABASE " + template); err != nil {
		return err
	}
	d, err := db.Open(ctx, c.url(template))
	if err != nil {
		return err
	}
	_, err = d.Migrate(ctx)
	return errors.Join(err, d.Close())
}

// sql runs one statement in the server's own database.
func (c *cluster) sql(statement string) error {
	admin, err := sql.Open("pgx", c.url("postgres"))
	if err != nil {
		return err
	}
	defer admin.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, err := admin.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// postgresURL makes a database for t and gives its address; from is the database
// to clone.
func postgresURL(t testing.TB, from string) string {
	t.Helper()
	c, err := theCluster()
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	name := "rondo_" + strconv.FormatInt(databases.Add(1), 10)
	if err := c.sql("CREATE DATABASE " + name + " TEMPLATE " + from); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.sql("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil && !strings.Contains(err.Error(), "closed") {
			t.Error(err)
		}
	})
	return c.url(name)
}
