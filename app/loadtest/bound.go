package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rondo/app/loadtest/respondent"
	"rondo/storage/db"
)

// sealedDraft is how long a sealed draft is that fits the first step of padding, in bytes.
const sealedDraft = 3840 + 28

// commits is how many durable commits a second n workers get out of a database, each changing a
// row of its own that is as long as a draft: no page save can be faster.
func commits(ctx context.Context, database string, n int, during time.Duration) (float64, error) {
	if path, lite := db.Path(database); lite {
		database = "sqlite:" + path + ".bound" // beside it, on the same disk, with the same settings
	}
	d, err := db.Open(ctx, database)
	if err != nil {
		return 0, err
	}
	rate, err := commitsOf(ctx, d, n, during)
	return rate, errors.Join(err, d.Close())
}

func commitsOf(ctx context.Context, d *db.DB, n int, during time.Duration) (float64, error) {
	conn, update := d.Conn(), "UPDATE bound SET body = ? WHERE id = ?"
	if d.Postgres() {
		update = "UPDATE bound SET body = $1 WHERE id = $2"
	}
	if _, err := conn.ExecContext(ctx, "CREATE TABLE bound (id INTEGER PRIMARY KEY, body "+d.Bytes()+")"); err != nil {
		return 0, err
	}
	if d.Postgres() { // as drafts rest
		const storage = "ALTER TABLE bound ALTER COLUMN body SET STORAGE EXTERNAL, SET (fillfactor = 50, toast_tuple_target = 8160)"
		if _, err := conn.ExecContext(ctx, storage); err != nil {
			return 0, err
		}
	}
	for i := range n {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("INSERT INTO bound (id) VALUES (%d)", i)); err != nil {
			return 0, err
		}
	}
	change, err := conn.PrepareContext(ctx, update)
	if err != nil {
		return 0, err
	}
	defer change.Close()
	// Two bodies in turn: a database may leave out to write what is there already.
	bodies, turn := [2][]byte{make([]byte, sealedDraft), make([]byte, sealedDraft)}, make([]int, n)
	rand.Read(bodies[0]) // never fails (crypto/rand since Go 1.24)
	rand.Read(bodies[1])
	return rate(n, during, func(i int) error {
		turn[i]++
		_, err := change.ExecContext(ctx, bodies[turn[i]%2], i)
		return err
	})
}

// assets is how many times a second n workers get a static file from a service: no page can be
// faster over the same HTTP, from the same client.
func assets(ctx context.Context, base string, n int, during time.Duration) (float64, error) {
	var page bytes.Buffer
	if _, err := fetch(ctx, base+"/privacy", &page); err != nil {
		return 0, err
	}
	path := regexp.MustCompile(`/assets/rondo-[0-9a-f]+\.css`).FindString(page.String())
	if path == "" {
		return 0, errors.New("the page names no style sheet")
	}
	client := respondent.Lean(n)
	return rate(n, during, func(int) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%s answered %d", path, response.StatusCode)
		}
		_, err = io.Copy(io.Discard, response.Body)
		return err
	})
}

// rate is how many times a second n workers together do something.
func rate(n int, during time.Duration, do func(worker int) error) (float64, error) {
	var all sync.WaitGroup
	var count atomic.Int64
	errs := make([]error, n)
	began := time.Now()
	for i := range n {
		all.Go(func() {
			for time.Since(began) < during {
				if errs[i] = do(i); errs[i] != nil {
					return
				}
				count.Add(1)
			}
		})
	}
	all.Wait()
	return float64(count.Load()) / time.Since(began).Seconds(), errors.Join(errs...)
}

// dialectName is what a database is called in print.
func dialectName(dialect string) string {
	return map[string]string{db.SQLite: "SQLite", db.PostgreSQL: "PostgreSQL"}[strings.ToLower(dialect)]
}
