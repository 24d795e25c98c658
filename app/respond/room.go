package respond

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"rondo/app/i18n"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/questionnaires"
	"rondo/storage"
	"rondo/storage/answers"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// What the room refuses.
var (
	ErrSignedOut = errors.New("no personal link has been opened in this browser") // 403
	ErrStaffOnly = errors.New("a protocol is written by signed-in staff")         // 403
	ErrEnded     = errors.New("the window for answers is over")                   // 410
	ErrNotYet    = errors.New("the window for answers has not begun")             // 403
	ErrTakenBack = errors.New("the invitation was taken back")                    // 410
	ErrNoLink    = errors.New("the link leads to nobody, or no longer")           // 404
	ErrSubmitted = errors.New("the answers were submitted already")               // 409
	ErrStale     = errors.New("the answers changed while they were saved")        // 409

	ErrHeadReleases = errors.New("the head of the office releases these answers")        // 403
	ErrForward      = errors.New("the answers are put forward for release")              // 409
	ErrNotForward   = errors.New("the answers have changed since they were put forward") // 409
)

// Refusals say what the room's refusals answer.
var Refusals = []web.Refusal{
	{Err: ErrSignedOut, Status: 403, Key: "respond.refusal.signed_out", State: "unknown"},
	{Err: ErrStaffOnly, Status: 403, Key: "respond.refusal.staff_only", State: "closed"},
	{Err: ErrEnded, Status: 410, Key: "respond.refusal.ended", State: "closed", Final: true},
	{Err: ErrTakenBack, Status: 410, Key: "respond.refusal.taken_back", State: "closed", Final: true},
	{Err: ErrNotYet, Status: 403, Key: "respond.refusal.not_yet", State: "closed"},
	{Err: ErrNoLink, Status: 404, Key: "respond.refusal.no_link"},
	{Err: ErrSubmitted, Status: 409, Key: "respond.refusal.submitted", State: "done", Final: true},
	{Err: ErrStale, Status: 409, Key: "respond.refusal.stale", State: "open"},
	{Err: ErrHeadReleases, Status: 403, Key: "respond.refusal.head_releases", State: "open"},
	{Err: ErrForward, Status: 409, Key: "respond.refusal.forward", State: "open"},
	{Err: ErrNotForward, Status: 409, Key: "respond.refusal.not_forward", State: "open"},
	{Err: web.ErrHandedOver, Status: 410, Key: "respond.refusal.handed_over", State: "closed", Final: true},
	{Err: web.ErrTag, Status: 409, Key: "respond.refusal.tag", State: "open"},
}

// Cookies besides the one that carries the link.
const (
	orderCookie   = "rondo-order"   // the permutation of shuffled questions, until the first save
	receiptCookie = "rondo-receipt" // the sealed receipt, for the page after submit
)

// Room serves /, /r, /answer, /release, /privacy and /accessibility; the table of URLs
// stands with the wiring.
type Room struct {
	kit     *web.Kit
	store   *storage.Store
	waves   *wave.Service
	letters Letters               // nil: nobody hands over or releases
	staff   func(*fiber.Ctx) bool // whether signed-in staff is present
	tags    [32]byte
	guesses *web.Throttle
	saves   *web.Throttle

	autosaves *web.Throttle
}

// New makes the room. letters writes to colleagues and heads of offices; nil where nobody does, as
// in a preview. staff says whether a request comes from signed-in staff,
// who alone write protocols of discussions.
func New(kit *web.Kit, store *storage.Store, waves *wave.Service, letters Letters, staff func(*fiber.Ctx) bool) *Room {
	return &Room{
		kit: kit, store: store, waves: waves, letters: letters, staff: staff, tags: store.Secret.Derive("form tag"),
		guesses: web.NewThrottle(30, time.Minute), saves: web.NewThrottle(120, time.Minute),
		autosaves: web.NewThrottle(120, time.Minute),
	}
}

// visit is what the room knows about one request of a participant.
type visit struct {
	Sitting
	holder identity.Holder
	kept   answers.Sitting
	mark   wave.Mark // what the clerk and the head of an office say to one another
	token  string
	key    keys.DraftKey
	lang   string

	written string // language in which the answers so far were given
}

// confidential says whether the response carries the office and may be opened again.
func (v visit) confidential() bool {
	if v.kept.Window.Promise == "" {
		return v.holder.Population.Name != "employer"
	}
	return v.kept.Window.Promise == answers.Confidential
}

// open refuses where nothing may be answered now, by the database clock.
func (v visit) open() error {
	w := v.kept.Window
	switch {
	case w.State == "planned" || v.kept.Now.Before(w.Opens):
		return ErrNotYet
	case w.State != "open" || !v.kept.Now.Before(w.Closes):
		return ErrEnded
	}
	return nil
}

// answering refuses where this participant may not answer now.
func (v visit) answering() error {
	if v.kept.Spent && !v.confidential() {
		return ErrSubmitted
	}
	return v.open()
}

// visit fetches who is here and what is kept of the answers: two statements,
// three where a confidential response is opened again.
func (r *Room) visit(c *fiber.Ctx) (visit, error) {
	token, ok := keys.ParseToken(r.kit.Cookie(c, web.ParticipantCookie))
	if !ok {
		return visit{}, r.nobody(c)
	}
	v, err := r.fetch(c, token)
	if errors.Is(err, storage.ErrNotFound) {
		return visit{}, cmp.Or(r.takenBack(c, token), r.nobody(c))
	}
	return v, err
}

// nobody says why this browser has no participant.
func (r *Room) nobody(c *fiber.Ctx) error {
	if r.kit.Cookie(c, web.HandedCookie) != "" {
		return web.ErrHandedOver
	}
	return ErrSignedOut
}

func (r *Room) fetch(c *fiber.Ctx, token string) (visit, error) {
	ctx := web.Context(c)
	holder, err := r.store.Identity.HolderByToken(ctx, keys.HashToken(token))
	if err != nil {
		return visit{}, fmt.Errorf("participant: %w", err)
	}
	v := visit{holder: holder, token: token}
	if holder.Population.Name == "discussion" && (r.staff == nil || !r.staff(c)) {
		return v, ErrStaffOnly
	}
	err = r.look(c, &v)
	return v, err
}

// look fetches what a holder is asked and what is kept of the answers.
func (r *Room) look(c *fiber.Ctx, v *visit) (err error) {
	holder := v.holder
	if v.Questionnaire, err = r.waves.Questionnaire(holder.Population.Questionnaire, holder.Population.Hash); err != nil {
		return fmt.Errorf("questionnaire: %w", err)
	}
	if len(holder.Population.LinkSalt) == 0 {
		v.kept.Spent = holder.State == "done"
		v.kept.Window.State = "closed"
		r.settle(c, v)
		return nil
	}
	v.key = r.store.Secret.DraftKey(holder.Population.LinkSalt, holder.ID)
	if v.kept, err = r.store.Answers.Find(web.Context(c), holder.Wave.ID, holder.Population.Name, v.key); err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	if err := r.unseal(c, v); err != nil {
		return err
	}
	r.settle(c, v)
	return nil
}

// unseal opens the draft; without one, the confidential response that may be
// corrected.
func (r *Room) unseal(c *fiber.Ctx, v *visit) error {
	v.Draft = Draft{Answers: questionnaires.Answers{}}.clone()
	v.Draft.Order = r.order(c)
	if v.kept.Draft != nil {
		v.Revision = v.kept.Draft.Revision
		sealer, err := r.store.Secret.Sealer(v.kept.Window.AnswerSalt)
		if err != nil {
			return fmt.Errorf("draft: %w", err)
		}
		plain, err := sealer.Open(v.kept.Draft.Body, v.key.ID())
		if err != nil {
			return fmt.Errorf("draft: %w", err)
		}
		if v.mark, plain, err = wave.ReadMark(plain); err != nil {
			return fmt.Errorf("draft: %w", err)
		}
		if v.Draft, err = ReadDraft(plain); err != nil {
			return fmt.Errorf("draft: %w", err)
		}
		return nil
	}
	if v.kept.Spent && v.confidential() && v.open() == nil {
		return r.reopen(c, v)
	}
	return nil
}

// reopen begins with what was submitted.
func (r *Room) reopen(c *fiber.Ctx, v *visit) error {
	body, err := r.store.Answers.ResponseByKey(web.Context(c), v.holder.Wave.ID, v.holder.Population.Name, v.key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("response: %w", err)
	}
	record, err := r.openRecord(body, v)
	if err != nil {
		return err
	}
	v.Draft.Answers, v.Draft.Order, v.Draft.Language = record.Answers, record.Shuffle, record.Language
	return nil
}

// settle fixes language and setting once the draft is known: what somebody
// picked for this link comes first, then what they picked before, then their own.
func (r *Room) settle(c *fiber.Ctx, v *visit) {
	if v.written = v.Draft.Language; v.written == "" {
		v.written = v.holder.Language
	}
	lang, chosen := web.ChosenLanguage(c)
	switch {
	case chosen && r.pickedHere(c, v.token):
	case i18n.Known(v.Draft.Language):
		lang = v.Draft.Language
	case i18n.Known(v.holder.Language):
		lang = v.holder.Language
	}
	web.SetLanguage(c, lang)
	v.lang = lang
	v.Draft.Language = lang
	v.Setting = r.waves.Setting(v.holder, v.kept.Now)
	v.Setting.Shuffle = v.Draft.Order
}

// pickedHere says whether the language was picked for this very link. The cookie
// that keeps it is the whole browser's, and the next person may use the same one.
func (r *Room) pickedHere(c *fiber.Ctx, token string) bool {
	here, ok := keys.ParseToken(r.kit.Cookie(c, web.ParticipantCookie))
	return i18n.Known(c.Query("lang")) || web.Switches(web.ReadForm(c)) || ok && here == token || r.kit.Cookie(c, web.HeadCookie) == token
}

// order gives the permutation this browser has drawn.
func (r *Room) order(c *fiber.Ctx) int {
	n, err := strconv.Atoi(r.kit.Cookie(c, orderCookie))
	if err != nil || n < 0 || n >= questionnaires.Permutations {
		return 0
	}
	return n
}

// drawOrder draws a permutation for a browser that has none.
func (r *Room) drawOrder(c *fiber.Ctx) error {
	if r.kit.Cookie(c, orderCookie) != "" {
		return nil
	}
	n, err := rand.Int(rand.Reader, big.NewInt(questionnaires.Permutations))
	if err != nil {
		return fmt.Errorf("draw order: %w", err)
	}
	r.kit.SetCookie(c, orderCookie, n.String())
	return nil
}

// page gives the parts that every page of this participant has.
func (r *Room) page(v visit, title, state string) web.Page {
	return web.Page{
		Lang: v.lang, Title: title, State: state, Synthetic: v.holder.Wave.Synthetic,
		Tag: web.Tag(r.tags, v.token), SignOutPath: "/answer/sign-out",
	}
}
