package main

import (
	"bytes"
	"errors"
	"html/template"
	"io"
	"mime"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"github.com/emersion/go-message/mail"
	"github.com/gofiber/fiber/v2"
)

// mailbox shows the messages of the demo as their readers see them.
type mailbox struct{ folder string }

// shownMessages is how many messages the list holds, the newest first.
const shownMessages = 400

type letter struct {
	Name, To, Subject string
	Text              template.HTML
}

var mailboxPage = template.Must(template.New("mailbox").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{if .One}}{{.One.Subject}}{{else}}Mailbox of the demo{{end}} - synthetic</title></head>
<body><main><h1>{{if .One}}{{.One.Subject}}{{else}}Mailbox of the demo (synthetic){{end}}</h1>
{{if .One}}<p>To {{.One.To}}</p><pre>{{.One.Text}}</pre><p><a href="/mailbox">All messages</a></p>
{{else}}<p>{{len .All}} messages; those to hr…@firm….example are for employers, those to office.… for offices.</p>
<ul>{{range .All}}<li><a href="/mailbox/{{.Name}}">{{.Subject}}</a> to {{.To}}</li>{{end}}</ul>{{end}}
</main></body></html>`))

// list shows all messages.
func (m mailbox) list(c *fiber.Ctx) error {
	files, err := filepath.Glob(filepath.Join(m.folder, "*", "*.eml"))
	if more, _ := filepath.Glob(filepath.Join(m.folder, "*.eml")); err == nil {
		files = append(files, more...)
	}
	if err != nil {
		return err
	}
	sort.Slice(files, func(i, j int) bool { return modified(files[i]) > modified(files[j]) })
	var all []letter
	for _, file := range files[:min(len(files), shownMessages)] {
		if l, err := readLetter(file); err == nil {
			all = append(all, l)
		}
	}
	return m.page(c, map[string]any{"All": all})
}

func modified(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}

// show shows one message; its links can be followed.
func (m mailbox) show(c *fiber.Ctx) error {
	name := filepath.Base(c.Params("name"))
	files, err := filepath.Glob(filepath.Join(m.folder, "*", name))
	if err != nil || len(files) == 0 {
		if files, err = filepath.Glob(filepath.Join(m.folder, name)); err != nil || len(files) == 0 {
			return fiber.ErrNotFound
		}
	}
	l, err := readLetter(files[0])
	if err != nil {
		return err
	}
	return m.page(c, map[string]any{"One": l})
}

func (m mailbox) page(c *fiber.Ctx, data map[string]any) error {
	var b bytes.Buffer
	if err := mailboxPage.Execute(&b, data); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	return c.Send(b.Bytes())
}

var webAddress = regexp.MustCompile(`https?://[^\s<>"]+`)

// readLetter reads the text of a message and makes its addresses links.
func readLetter(file string) (letter, error) {
	f, err := os.Open(file)
	if err != nil {
		return letter{}, err
	}
	defer f.Close()
	message, err := mail.CreateReader(f)
	if err != nil {
		return letter{}, err
	}
	l := letter{Name: filepath.Base(file)}
	if l.Subject, err = message.Header.Subject(); err != nil {
		return l, err
	}
	if to, err := message.Header.AddressList("To"); err == nil && len(to) > 0 {
		l.To = to[0].Address
	}
	for {
		part, err := message.NextPart()
		if errors.Is(err, io.EOF) {
			return l, nil
		} else if err != nil {
			return l, err
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil || kind != "text/plain" {
			continue
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return l, err
		}
		text := template.HTMLEscapeString(strings.ReplaceAll(string(body), "\r\n", "\n"))
		l.Text = template.HTML(webAddress.ReplaceAllString(text, `<a href="$0">$0</a>`)) // escaped the line before
	}
}
