package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// cluster is a throw-away PostgreSQL as it comes out of the box, durable, on a local socket.
type cluster struct {
	folder string // socket, data and log
	bin    string
	as     string // account it runs as; "" is our own
	alive  *os.File
	keeper *exec.Cmd
}

// startCluster makes a cluster in a new folder inside folder.
func startCluster(ctx context.Context, folder string) (*cluster, error) {
	c := &cluster{}
	var err error
	if c.bin, err = serverPrograms(); err != nil {
		return nil, err
	}
	if os.Getuid() == 0 {
		c.as = "postgres" // the server refuses to run as root
	}
	if c.folder, err = os.MkdirTemp(folder, "pg-"); err != nil {
		return nil, err
	}
	if err := c.own(); err != nil {
		return nil, err
	}
	data := filepath.Join(c.folder, "data")
	if err := c.run(ctx, "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"); err != nil {
		return nil, err
	}
	if err := c.keep(); err != nil {
		return nil, err
	}
	options := "-c listen_addresses='' -c unix_socket_directories=" + c.folder
	err = c.run(ctx, "pg_ctl", "-D", data, "-w", "-t", "60", "-l", filepath.Join(c.folder, "log"), "-o", options, "start")
	if err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// serverPrograms is the folder of the newest server installed.
func serverPrograms() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.SortFunc(found, func(a, b string) int { return major(a) - major(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("PostgreSQL is not installed: `make install` installs it")
	}
	return filepath.Dir(path), nil
}

func major(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}

// own gives the folder to the account of the server; the folders above it must let it through.
func (c *cluster) own() error {
	if c.as == "" {
		return nil
	}
	who, err := user.Lookup(c.as)
	if err != nil {
		return fmt.Errorf("the account that runs PostgreSQL: %w", err)
	}
	uid, _ := strconv.Atoi(who.Uid)
	gid, _ := strconv.Atoi(who.Gid)
	return os.Chown(c.folder, uid, gid)
}

func (c *cluster) arguments(name string, args ...string) []string {
	args = append([]string{filepath.Join(c.bin, name)}, args...)
	if c.as != "" {
		args = append([]string{"runuser", "-u", c.as, "--"}, args...)
	}
	return args
}

// run runs one of the programs; its output goes to a file, because the server would keep a
// pipe open.
func (c *cluster) run(ctx context.Context, name string, args ...string) error {
	out, err := os.CreateTemp(c.folder, name+"-*")
	if err != nil {
		return err
	}
	defer out.Close()
	args = c.arguments(name, args...)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.folder, out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}

// keep starts a shell that takes the cluster away when this process stops it, or ends in
// whatever way.
func (c *cluster) keep() error {
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	c.keeper = exec.CommandContext(context.Background(), "/bin/sh", "-c", `cat >/dev/null; "$@" >/dev/null 2>&1; rm -rf "$0"`, c.folder)
	c.keeper.Args = append(c.keeper.Args, c.arguments("pg_ctl", "-D", filepath.Join(c.folder, "data"), "-m", "immediate", "-w", "stop")...)
	c.keeper.Stdin, c.keeper.Dir = read, "/"
	c.keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := c.keeper.Start(); err != nil {
		return err
	}
	c.alive = write // the system closes it when this process ends
	return read.Close()
}

// stop ends the server and removes its folder.
func (c *cluster) stop() error { return errors.Join(c.alive.Close(), c.keeper.Wait()) }

// process is the server's first process, whose children serve the connections; 0 when unknown.
func (c *cluster) process() int {
	lock, _ := os.ReadFile(filepath.Join(c.folder, "data", "postmaster.pid"))
	first, _, _ := strings.Cut(string(lock), "\n")
	pid, _ := strconv.Atoi(first)
	return pid
}

func (c *cluster) url(database string) string {
	return "postgres://postgres@/" + database + "?host=" + c.folder
}
