package office

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/nominate"
	"rondo/app/outbox"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/storage/db"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// What the room refuses.
var (
	// ErrOver is the refusal to nominate or withdraw after the last day.
	ErrOver = errors.New("nominating has ended")
	// ErrNotYet is the refusal to nominate before the offices' window opens.
	ErrNotYet = errors.New("nominating has not begun")
	// ErrDecided is the refusal to change a nomination that was decided or withdrawn in the meantime.
	ErrDecided = errors.New("this nomination is decided")
	// ErrHeadOver is the refusal to change the address of the head after the close.
	ErrHeadOver = errors.New("nothing can be released any more")
	// ErrSignedOut is the refusal to a browser that carries no link, or no longer.
	ErrSignedOut = errors.New("no personal link is open in this browser")
)

// Refusals say what the room's refusals answer.
var Refusals = []web.Refusal{
	{Err: ErrOver, Status: fiber.StatusGone, Key: "office.refusal.over", State: "closed"},
	{Err: ErrHeadOver, Status: fiber.StatusGone, Key: "office.refusal.head_over", State: "closed"},
	{Err: outbox.ErrNothingToCorrect, Status: fiber.StatusConflict, Key: "office.refusal.nothing_to_correct", State: "open"},
	{Err: ErrNotYet, Status: fiber.StatusForbidden, Key: "office.refusal.not_yet", State: "closed"},
	{Err: ErrDecided, Status: fiber.StatusConflict, Key: "office.refusal.decided", State: "open"},
	{Err: wave.ErrInvited, Status: fiber.StatusConflict, Key: "office.refusal.invited"},
	{Err: wave.ErrSelected, Status: fiber.StatusConflict, Key: "office.refusal.selected"},
	{Err: ErrSignedOut, Status: fiber.StatusNotFound, Key: "respond.refusal.signed_out"},
}

// signOut is where every page of the room lets an office leave a browser that it shares.
const signOut = "/answer/sign-out"

// reserve is how long before the employers' end nominating ends, so that the
// last one invited has time to answer.
const reserve = 7 * 24 * time.Hour

// Waves is what the room asks about an office; app/wave answers.
type Waves interface {
	// OfficeState says how far the office's questionnaire is (not_started,
	// started, to_release, given_back, submitted, refused) and what the database clock shows.
	OfficeState(ctx context.Context, h identity.Holder) (state string, now time.Time, err error)
	// Selecting says how the office selects.
	Selecting(ctx context.Context, h identity.Holder) (wave.Selecting, error)
	// Select notes how it selects, picked or drawn, and out of how many firms; wave.ErrSelected.
	Select(ctx context.Context, h identity.Holder, mode string, firms int) error
	// Exclude leaves out a drawn row, for a reason of nominate.Exclusions; wave.ErrSelected.
	Exclude(ctx context.Context, h identity.Holder, row int, reason string) error
	// Withdraw and Correct change a nomination of the office until its employer is invited; wave.ErrInvited.
	Withdraw(ctx context.Context, h identity.Holder, nominationID string) error
	Correct(ctx context.Context, h identity.Holder, changed identity.Nomination) error
}

// Room serves /office and /u.
type Room struct {
	kit      *web.Kit
	db       *db.DB
	identity *identity.Store
	waves    Waves
	outbox   *outbox.Outbox
	print    func(c *fiber.Ctx, o identity.Holder) error
	tags     [32]byte
}

// New makes the room; print shows an office the employers' questionnaire of its wave.
func New(kit *web.Kit, waves Waves, box *outbox.Outbox, print func(c *fiber.Ctx, o identity.Holder) error) *Room {
	return &Room{
		kit: kit, db: box.DB, identity: box.Identity, waves: waves, outbox: box, print: print,
		tags: box.Secret.Derive("form tag"), // as in app/respond: an office's forms are bound to the same cookie
	}
}

// Keeps are the paths whose refused POSTs must come back with what was typed,
// Uploads those that take files, Exempt those a mail program posts to.
var (
	Keeps   = []string{"/office/nominations/new", "/office/nominations/list", "/office/nominations/correct"}
	Uploads = []string{"/office/nominations/list"}
	Exempt  = []string{"/u"}
)

// Routes adds the room's URLs to the app.
func (r *Room) Routes(app fiber.Router) {
	app.Get("/office", r.Home)
	app.Post("/office/head", r.SetHead)
	app.Get("/office/nominations/new", r.NewNomination)
	app.Post("/office/nominations/new", r.Nominate)
	app.Get("/office/nominations/list", r.List)
	app.Post("/office/nominations/list", r.CheckList)
	app.Post("/office/nominations/withdraw", r.Withdraw)
	app.Get("/office/nominations/correct", r.Correction)
	app.Post("/office/nominations/correct", r.Correct)
	app.Get("/office/selection", r.Selection)
	app.Post("/office/selection", r.Select)
	app.Post("/office/selection/exclude", r.Exclude)
	app.Get("/office/tell", r.Tell)
	app.Post("/office/tell", r.Told)
	app.Get("/office/employer-questionnaire", r.EmployerQuestionnaire)
	app.Get("/office/returned", r.Returned)
	app.Post("/office/returned", r.Readdress)
	app.Get("/u/:token", r.StopPage)
	app.Post("/u/:token", r.Stop)
}

// visit is an office at work: who it is, and what binds its forms to its cookie.
type visit struct {
	identity.Holder
	token string
	tag   string
}

// visitor finds the office behind the cookie; anybody else finds nothing here.
func (r *Room) visitor(c *fiber.Ctx) (visit, error) {
	token, ok := keys.ParseToken(r.kit.Cookie(c, web.ParticipantCookie))
	if !ok && r.kit.Cookie(c, web.HandedCookie) != "" {
		return visit{}, web.ErrHandedOver
	}
	if !ok {
		return visit{}, ErrSignedOut
	}
	holder, err := r.identity.HolderByToken(web.Context(c), keys.HashToken(token))
	if errors.Is(err, db.ErrNotFound) || (err == nil && holder.Population.Name != "office") {
		return visit{}, web.ErrUnknown
	}
	if err != nil {
		return visit{}, err
	}
	if _, chosen := web.ChosenLanguage(c); !chosen {
		web.SetLanguage(c, holder.Language)
	}
	return visit{Holder: holder, token: token, tag: web.Tag(r.tags, token)}, nil
}

// poster is visitor for a POST: its form must belong to the cookie.
func (r *Room) poster(c *fiber.Ctx) (visit, web.Form, error) {
	v, err := r.visitor(c)
	if err != nil {
		return visit{}, nil, err
	}
	form := web.ReadForm(c)
	if !web.TagFits(r.tags, v.token, form.First("_tag")) {
		return visit{}, nil, web.ErrTag
	}
	return v, form, nil
}

// season is when an office may nominate.
type season struct {
	begun bool
	last  time.Time // the end
	over  bool
}

func seasonOf(office, employer identity.Population, now time.Time) season {
	last := employer.Closes.Add(-reserve)
	return season{
		begun: office.State != "planned" && !now.Before(office.Opens),
		last:  last,
		over:  employer.State == "closed" || !now.Before(last),
	}
}

// refused gives the refusal to nominate now, or nil.
func (s season) refused() error {
	switch {
	case s.over:
		return ErrOver
	case !s.begun:
		return ErrNotYet
	}
	return nil
}

// inSeason asks whether v may nominate now, by the database clock, and gives the time.
func (r *Room) inSeason(ctx context.Context, v visit) (time.Time, error) {
	employer, err := r.identity.Population(ctx, v.Wave.ID, "employer")
	if err != nil {
		return time.Time{}, err
	}
	now, err := r.db.Now(ctx)
	if err != nil {
		return now, err
	}
	return now, seasonOf(v.Population, employer, now).refused()
}

// frame is what the wave holds, for deciding about nominations of v.
// It is read from the office's own nominations and employers alone: nothing it is told can depend on
// what others have proposed. selected says whether v has said how it selects.
func (r *Room) frame(ctx context.Context, store *identity.Store, v visit, now time.Time) (f nominate.Frame, selected bool, err error) {
	nominations, err := store.Nominations(ctx, v.Wave.ID, v.ID)
	if err != nil {
		return f, false, err
	}
	employers, err := store.ParticipantsOf(ctx, v.ID, "employer")
	if err != nil {
		return f, false, err
	}
	self := identity.Participant{ID: v.ID, Code: v.Code, Quota: v.Quota}
	f = nominate.FrameOf([]identity.Participant{self}, employers, nominations, true)
	selection, err := store.SelectionOf(ctx, v.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return f, false, err
	}
	selected = err == nil
	exclusions, err := store.Exclusions(ctx, v.ID)
	f.Drawn, f.Today = nominate.DrawnOf(selection, v.Quota, exclusions, nominations), i18n.Day(now)
	return f, selected, err
}

// keep decides and keeps in one transaction: decide gets the frame and gives
// what to keep, or nothing. Two posts of one office wait for one another, so
// that together they stay within its quota.
func (r *Room) keep(ctx context.Context, v visit, now time.Time, decide func(nominate.Frame) []nominate.Employer) (kept int, err error) {
	err = r.db.InTx(ctx, func(tx *db.DB) error {
		store := r.identity.With(tx)
		if err := store.SetQuota(ctx, v.ID, v.Quota); err != nil { // locks the office's row
			return err
		}
		f, selected, err := r.frame(ctx, store, v, now)
		if err != nil {
			return err
		}
		if !selected { // taken back at the desk in this moment
			return db.ErrConflict
		}
		list := decide(f)
		kept = len(list)
		if kept == 0 {
			return nil
		}
		return store.AddNominations(ctx, nominate.Nominations(list, v.Wave.ID, v.ID, f.Drawn != nil))
	})
	return kept, err
}
