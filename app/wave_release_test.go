package main

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"rondo/app/web/webtest"
)

// The end of the whole wave of wave_test.go: what leaves the house, and what is erased.

func (c *course) export() {
	if out := c.do("wave", "freeze", "2026", "--yes"); strings.Count(out, " responses ") != 3 {
		c.t.Errorf("freeze: %s", out)
	}
	for population, want := range map[string]int{"office": len(answeringOffices), "employer": len(c.answered) - 1, "discussion": 2} {
		name := population + ".zip"
		c.do("export", "--wave=2026", "--population="+population, "--profile=internal", "--out="+name)
		c.do("verify", name)
		b := readBundle(c.t, name)
		if b.Records != want || len(b.rows) != want || b.Synthetic {
			c.t.Errorf("%s: %d records in the manifest, %d in the data, want %d; synthetic %v", population, b.Records, len(b.rows), want, b.Synthetic)
		}
		c.do("export", "--wave=2026", "--population="+population, "--profile=internal", "--out="+population+".csv")
		if alone, err := os.ReadFile(population + ".csv"); err != nil || !bytes.Equal(alone, b.data) {
			c.t.Errorf("%s: the CSV alone is not the one in the bundle: %v", population, err)
		}
		for _, word := range []string{"@", "example.ch", "Muster", c.url} {
			if bytes.Contains(b.data, []byte(word)) {
				c.t.Errorf("%s: the data hold %q", population, word)
			}
		}
	}
	if sentence, _ := c.refused("export", "--wave=2026", "--population=office", "--profile=scientific", "--out=no.zip"); !strings.Contains(sentence, "26") {
		c.t.Errorf("a file of offices for science: %s", sentence)
	}
	if sentence, _ := c.refused("export", "--wave=2026", "--population=employer", "--profile=public", "--out=public.csv"); !strings.Contains(sentence, "bundle") {
		c.t.Errorf("a release as one CSV: %s", sentence)
	}
	if left, err := filepath.Glob("*public*"); err != nil || len(left) > 0 {
		c.t.Errorf("a refused export left %v, %v", left, err)
	}
	if hidden, err := filepath.Glob(".rondo-*"); err != nil || len(hidden) > 0 {
		c.t.Errorf("exports left %v, %v", hidden, err)
	}
}

// release lets the lead build a scientific dataset and a second person approve it.
func (c *course) release() {
	b := c.lead.Open("/desk/waves/2026/releases")
	b.Form("main form.card").Fill("population", "employer").Fill("profile", "scientific").Submit()
	shows(c.t, b, http.StatusOK, "rondo-2026-employer-scientific.zip")
	if b.Has(`a[href*="approve"]`) || strings.Contains(b.Body, "/approve\"") {
		c.t.Error("who built a release is offered to approve it")
	}
	command := []string{"export", "--wave=2026", "--population=employer", "--profile=scientific", "--out=science.zip"}
	sentence, _ := c.refused(command...)
	for _, word := range []string{"second person", "lead", "reviewer", "other than lea@bsv.example.ch"} {
		if !strings.Contains(sentence, word) {
			c.t.Errorf("the refusal does not name %q: %s", word, sentence)
		}
	}
	if _, err := os.Stat("science.zip"); err == nil {
		c.t.Error("a refused export left a file")
	}
	c.reviewer = c.account(c.welcome(c.do("staff", "add", "rea@bsv.example.ch", "--role=reviewer")), "Rea Prüfung", "rea@bsv.example.ch")
	path := c.reviewer.Open("/desk/waves/2026/releases").Attr("td a.button", "href")
	c.ownApprovalIsRefused(path)
	c.reviewer.Open(path)
	c.reviewer.Form("main form").Submit()
	shows(c.t, c.reviewer, http.StatusOK, "rea@bsv.example.ch")
	c.do(command...)
	if out := c.do("verify", "science.zip"); !strings.Contains(out, "5 promised") {
		c.t.Errorf("verify: %s", out)
	}
	c.tellsNobody("science.zip")
	if out := c.do("wave", "status", "2026"); !strings.HasPrefix(out, "2026  released") {
		c.t.Errorf("status: %s", out)
	}
}

// tellsNobody looks in every file of a bundle, and in the files of the workbook within it, for the
// name, address, link and town of everybody in the wave, and for whoever built and approved it.
func (c *course) tellsNobody(name string) {
	words := []string{"Muster ", "Ort 0", c.url, "lea@bsv.example.ch", "rea@bsv.example.ch", "Rea Prüfung"}
	for _, people := range []map[string]string{c.employers, c.offices} {
		for address, link := range people {
			words = append(words, address, link[strings.LastIndex(link, "/")+1:])
		}
	}
	for address, receipt := range c.answered {
		words = append(words, address, receipt)
	}
	archive, err := os.ReadFile(name)
	must(c.t, err)
	files := map[string][]byte{}
	var unpack func(prefix string, body []byte)
	unpack = func(prefix string, body []byte) {
		zr, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		must(c.t, err)
		for _, f := range zr.File {
			r, err := f.Open()
			must(c.t, err)
			content, err := io.ReadAll(r)
			must(c.t, err)
			if files[prefix+f.Name] = content; strings.HasSuffix(f.Name, ".xlsx") {
				unpack(f.Name+"!", content)
			}
		}
	}
	unpack("", archive)
	for _, word := range words {
		for name, body := range files {
			if len(word) > 0 && bytes.Contains(body, []byte(word)) {
				c.t.Errorf("%s tells %q", name, word)
			}
		}
	}
	if len(words) < 100 || len(files) < 20 {
		c.t.Errorf("only %d words were looked for in %d files", len(words), len(files))
	}
}

// ownApprovalIsRefused posts the approval as the person who built the release.
func (c *course) ownApprovalIsRefused(path string) {
	form := c.lead.Open("/desk/waves/2026/releases").Form("main form.card")
	c.lead.Fetch(http.MethodPost, path, map[string][]string{"_tag": {form.Values.Get("_tag")}})
	shows(c.t, c.lead, http.StatusForbidden, "zweite Person")
}

func (c *course) archive() {
	before, err := os.ReadFile("science.zip")
	must(c.t, err)
	c.do("wave", "archive", "2026", "--yes")
	links := []string{c.employers[namesOf(c.answered)[0]], c.employers[c.declined], c.offices[addressOf("ZH")], c.offices[addressOf("UR")]}
	for _, link := range links {
		b := webtest.NewBrowser(c.t).Open(link)
		if b.Status != http.StatusNotFound && b.Status != http.StatusGone {
			c.t.Errorf("a link after the archive: %d %s", b.Status, b.Text("h1"))
		}
	}
	c.do("export", "--wave=2026", "--population=employer", "--profile=scientific", "--out=again.zip")
	after, err := os.ReadFile("again.zip")
	must(c.t, err)
	if !bytes.Equal(before, after) {
		c.t.Error("the release is not the same after the archive")
	}
	c.refused("export", "--wave=2026", "--population=employer", "--profile=public", "--out=late.zip")
	c.refused("links", "--wave=2026", "--population=office")
	if out := c.do("audit", "verify"); !strings.Contains(out, "entries") {
		c.t.Errorf("audit: %s", out)
	}
}
