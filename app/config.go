package main

import (
	"fmt"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"

	"rondo/app/i18n"
	"rondo/storage/db"
)

// Config is everything an operator may set: as a flag or as RONDO_…; nothing is required.
type Config struct {
	Database         string  `env:"RONDO_DATABASE" help:"sqlite:FILE or postgres://…; default: sqlite:rondo.db"`
	Listen           string  `env:"RONDO_LISTEN" default:"127.0.0.1:8080" help:"Address to listen on."`
	PublicURL        string  `env:"RONDO_PUBLIC_URL" help:"Base of every link, such as https://rondo.example.ch; default: from the listen address." validate:"omitempty,http_url"`
	InternalListen   string  `env:"RONDO_INTERNAL_LISTEN" help:"Address of metrics and profiles; off by default."`
	SecretFile       string  `env:"RONDO_SECRET_FILE" help:"File with the master secret (0600); required on PostgreSQL."`
	SMTP             string  `name:"smtp" env:"RONDO_SMTP" help:"smtp://user@host:587 or smtps://…; default: messages go to a local folder." validate:"omitempty,url"`
	SMTPPasswordFile string  `name:"smtp-password-file" env:"RONDO_SMTP_PASSWORD_FILE" help:"File with the SMTP password."`
	MailFrom         string  `env:"RONDO_MAIL_FROM" default:"FSIO study <study@localhost.localdomain>" help:"Sender of every message."`
	MailRate         float64 `env:"RONDO_MAIL_RATE" default:"5" help:"Messages per second." validate:"gt=0,lte=1000"`
	MailFolder       string  `kong:"-"`
	MailPerDomain    int     `env:"RONDO_MAIL_PER_DOMAIN" default:"2" help:"Messages on their way at once to addresses of one domain." validate:"gte=1,lte=100"`
	BounceMaildir    string  `env:"RONDO_BOUNCE_MAILDIR" help:"Maildir folder into which the mail server delivers what comes back to the bounce domain."`
	BounceDomain     string  `env:"RONDO_BOUNCE_DOMAIN" help:"Domain of the envelope senders that bounces come back to." validate:"omitempty,fqdn"`
	DKIMDomain       string  `name:"dkim-domain" env:"RONDO_DKIM_DOMAIN" help:"Domain that signs messages; default: the relay signs." validate:"omitempty,fqdn"`
	DKIMSelector     string  `name:"dkim-selector" env:"RONDO_DKIM_SELECTOR" help:"Selector of the signing key."`
	DKIMKeyFile      string  `name:"dkim-key-file" env:"RONDO_DKIM_KEY_FILE" help:"File with the signing key (PEM)."`
	OIDCIssuer       string  `name:"oidc-issuer" env:"RONDO_OIDC_ISSUER" help:"Issuer of the staff sign-in." validate:"omitempty,http_url"`
	OIDCClient       string  `name:"oidc-client" env:"RONDO_OIDC_CLIENT" help:"Client id at the issuer."`
	OIDCSecretFile   string  `name:"oidc-secret-file" env:"RONDO_OIDC_SECRET_FILE" help:"File with the client secret."`
	TrustedProxies   string  `env:"RONDO_TRUSTED_PROXIES" help:"Addresses or networks whose X-Forwarded-For is believed, separated by commas."`
	Contact          string  `env:"RONDO_CONTACT" default:"+41 58 000 00 00|study@example.org" help:"Phone and address shown on every page and message, separated by |."`
	Logo             string  `env:"RONDO_LOGO" help:"File with a logo (SVG or PNG)."`
	Accent           string  `env:"RONDO_ACCENT" help:"Accent colour, such as #b3261e." validate:"omitempty,hexcolor"`
	LicenceFile      string  `env:"RONDO_LICENCE_FILE" help:"File with the terms of use (text, UTF-8) that scientific and public releases carry as LICENCE; default: built-in terms."`
	Log              string  `env:"RONDO_LOG" default:"info" enum:"debug,info,warn,error" help:"How much is logged."`
}

// later are settings of the contract whose part is built by a later issue: setting
// one is refused with a sentence instead of being ignored in silence.
func (c Config) later() error {
	for name, value := range map[string]string{
		"RONDO_OIDC_ISSUER": c.OIDCIssuer, "RONDO_OIDC_CLIENT": c.OIDCClient, "RONDO_OIDC_SECRET_FILE": c.OIDCSecretFile,
	} {
		if value != "" {
			return fmt.Errorf("%s is set, but this version signs staff in by local accounts only", name)
		}
	}
	return nil
}

// check refuses values that cannot work, naming the setting.
func (c *Config) check() error {
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(c); err != nil {
		var fields validator.ValidationErrors
		if asFields(err, &fields) {
			return fmt.Errorf("setting %s: %q is not valid", fields[0].Field(), fmt.Sprint(fields[0].Value()))
		}
		return err
	}
	if err := c.later(); err != nil {
		return err
	}
	if _, err := netmail.ParseAddress(c.MailFrom); c.MailFrom != "" && err != nil {
		return fmt.Errorf("RONDO_MAIL_FROM: %q is no address to send from", c.MailFrom)
	}
	if _, err := c.terms(); err != nil {
		return err
	}
	if c.PublicURL == "" {
		host := c.Listen
		if strings.HasPrefix(host, ":") || strings.HasPrefix(host, "0.0.0.0:") {
			host = "localhost" + host[strings.LastIndex(host, ":"):]
		}
		c.PublicURL = "http://" + host
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	base, err := url.Parse(c.PublicURL)
	if err != nil || base.Path != "" || base.RawQuery != "" {
		return fmt.Errorf("RONDO_PUBLIC_URL: %q must be scheme and host only", c.PublicURL)
	}
	return nil
}

// proxies are the trusted proxies, one per entry.
func (c Config) proxies() []string {
	var list []string
	for _, p := range strings.Split(c.TrustedProxies, ",") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}

// unknownSettings refuses any RONDO_ name that means nothing, with the nearest known one.
// Names that begin with RONDO_TEST_ or RONDO_FUZZ_ belong to the tests.
func unknownSettings(environ, known []string) error {
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "RONDO_") || strings.HasPrefix(name, "RONDO_TEST_") || strings.HasPrefix(name, "RONDO_FUZZ_") {
			continue
		}
		found := false
		for _, k := range known {
			found = found || k == name
		}
		if found {
			continue
		}
		return fmt.Errorf("unknown setting %s; did you mean %s?", name, i18n.Nearest(name, known))
	}
	return nil
}

// database is the database to work on.
func (c *Config) database() string {
	if c.Database == "" {
		return "sqlite:rondo.db"
	}
	return c.Database
}

// terms are the terms of use for releases, from the file set for them; empty where none is set.
func (c *Config) terms() (string, error) {
	if c.LicenceFile == "" {
		return "", nil
	}
	body, err := os.ReadFile(c.LicenceFile)
	if err != nil {
		return "", fmt.Errorf("RONDO_LICENCE_FILE: %w", err)
	}
	text := strings.TrimPrefix(string(body), "\ufeff")
	if !utf8.ValidString(text) || strings.Contains(text, "\x00") || strings.TrimSpace(text) == "" || len(text) > 1<<16 {
		return "", fmt.Errorf("RONDO_LICENCE_FILE: %s must hold text in UTF-8, at most 64 KB", c.LicenceFile)
	}
	return text, nil
}

// mailFolder is where messages go when there is no relay: beside the SQLite file, else here.
func (c *Config) mailFolder() string {
	if c.MailFolder != "" {
		return c.MailFolder
	}
	if path, file := db.Path(c.database()); file {
		return filepath.Join(filepath.Dir(path), "mail")
	}
	return "mail"
}
