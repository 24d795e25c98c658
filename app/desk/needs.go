package desk

import (
	"context"
	"time"
)

// Rules that hold for every method below, so that main can wire them once:
//
//   - label names a wave; an id always comes with the label of its wave, and the implementation looks it up under that wave
//     (an id of another wave is "not found").
//   - A refusal is returned as the sentinel of the house it comes from (storage, wave, exports ...); the desk passes it on and
//     main's table of refusals finds its status and sentence. Wrong input of a person comes back as []Problem with a nil error.
//   - Methods named like a question (Waves, Offices, Plan ...) change nothing, not even a timestamp.
//   - The desk writes the journal entry of each change itself, with its result; implementations must not write a second one.
//   - Times are UTC; population is "office", "employer" or "discussion"; kind is "invitation", "reminder", "thanks" or "results";
//     profile is "internal", "scientific" or "public".

// Waves is what the desk asks about the course of a wave; app/wave answers.
type Waves interface {
	// Waves lists all waves, newest first, without their populations filled.
	Waves(ctx context.Context) ([]Wave, error)
	// Wave is one wave with its three populations in the order office, employer, discussion.
	Wave(ctx context.Context, label string) (Wave, error)
	// Questionnaires lists the published references of one population's instrument, newest first ("employer/2", "employer/1").
	Questionnaires(ctx context.Context, population string) ([]string, error)
	// CreateWave keeps a new wave in state setup; on problems it keeps nothing.
	// Problem fields are the names of NewWave's form: label ref_from ref_to opens closes office employer discussion.
	CreateWave(ctx context.Context, w NewWave) ([]Problem, error)
	// RepeatWave makes the next wave from an earlier one (questionnaires newest, offices, quotas, panel; never answers).
	RepeatWave(ctx context.Context, label string, w NewWave) ([]Problem, error)
	// OpenPopulation moves planned to open; it sends nothing.
	OpenPopulation(ctx context.Context, label, population string) error
	// ClosePopulation moves open to closed: marks done at once, mixes, erases drafts and salt.
	ClosePopulation(ctx context.Context, label, population string) error
	// MoveEnd sets another end while the window is open.
	MoveEnd(ctx context.Context, label, population string, closes time.Time) ([]Problem, error)
	// Freeze makes the immutable snapshot of a closed population.
	Freeze(ctx context.Context, label, population string) error
	// Archive erases the wave's answer salt and contact data; allowed from closed or released.
	Archive(ctx context.Context, label string) error

	// Offices lists the offices with their exact state, by code.
	Offices(ctx context.Context, label string) ([]Office, error)
	// SetHead keeps the address of the head of an office; the problem's field is email.
	SetHead(ctx context.Context, label, code, email string) ([]Problem, error)
	// Groups lists the feedback groups and what employers of each would carry as stratum, before or after opening employers.
	Groups(ctx context.Context, label string) ([]Group, error)
	// Counts are the employers' counts, already floored to 5 with two readings differing by 0 or at least 5 (design §3.9).
	Counts(ctx context.Context, label string) (Counts, error)
	// NonResponse is what became of the employers' invitations, by one attribute at a time and in the order in which it is
	// shown; it is empty until the employers are closed. Branches are told in lang.
	NonResponse(ctx context.Context, lang, label string) ([]Outcomes, error)
	// Discussions lists the group discussions, by office code, with their exact state.
	Discussions(ctx context.Context, label string) ([]Discussion, error)
}

// Lists is what the desk asks about who is invited; app/nominate and app/wave answer.
type Lists interface {
	// Nominations lists what awaits approval, by office and then in random but stable order.
	Nominations(ctx context.Context, label string) ([]Nomination, error)
	// ApproveNominations settles the proposed ones among ids: approved ones become participants (links, state); of several
	// with one address one is approved, whichever was chosen, and the others are duplicates.
	ApproveNominations(ctx context.Context, label string, ids []string) (Settled, error)
	// DuplicateNominations settles the proposed ones among ids as employers that are invited another way, and says how many.
	DuplicateNominations(ctx context.Context, label string, ids []string) (int, error)
	// RejectNominations refuses the proposed ones among ids with a reason their office will read.
	RejectNominations(ctx context.Context, label string, ids []string, reason string) (int, error)
	// Selections says how the offices of a wave select the employers they propose.
	Selections(ctx context.Context, label string) (Selections, error)
	// SelectOffices sets how they shall: either, picked or drawn; offices that have begun go on as they are.
	SelectOffices(ctx context.Context, label, mode string) error
	// Unselect lets the office with this code say it anew; it refuses where the office has nominations that count.
	Unselect(ctx context.Context, label, code string) error
	// Panel lists the members of the panel, by name, with what speaks against taking them into a wave.
	Panel(ctx context.Context, label string) ([]PanelMember, error)
	// TakePanel brings the members among ids against whom nothing speaks into the wave and says how many.
	TakePanel(ctx context.Context, label string, ids []string) (int, error)
	// CheckList reads an upload (CSV or XLSX) for population office or employer and gives its verdicts, with sentences in
	// lang (de fr it en); it keeps nothing.
	CheckList(ctx context.Context, lang, label, population, fileName string, content []byte) (Verdicts, error)
	// ImportList does the same and, only if no line is refused, keeps all lines; Verdicts.Kept says how many. It calls
	// progress, which may be nil, with what it does (read, check, keep) and how many lines of how many are done.
	ImportList(ctx context.Context, lang, label, population, fileName string, content []byte, progress Tell) (Verdicts, error)
}

// Mail is what the desk asks about messages; app/outbox answers. The desk never sees who was sent a reminder, thanks or
// results: reminders to employers are made for all and cancelled at claim, and the counts of all messages to employers but
// invitations arrive floored to 5 (design §3.9).
type Mail interface {
	// PlanMail says what QueueMail would add now; it queues nothing.
	PlanMail(ctx context.Context, label, population, kind string) (Plan, error)
	// QueueMail queues what is due, idempotent by wave, participant, kind and number, and says how many messages it
	// added: to employers, but for invitations, floored to 5.
	QueueMail(ctx context.Context, label, population, kind string) (int, error)
	// PauseMail stops (true) or lets go on (false) the sending of one wave.
	PauseMail(ctx context.Context, label string, paused bool) error
	// MailState is the state of all messages of a wave.
	MailState(ctx context.Context, label string) (MailState, error)
	// CountAsSent settles an unknown message as sent.
	CountAsSent(ctx context.Context, label, messageID string) error
	// CorrectColleague sends a questionnaire that was handed over to the mistyped address wrong to right; problem fields are wrong and right.
	CorrectColleague(ctx context.Context, label, wrong, right string) ([]Problem, error)
	// Resend queues an unknown or failed message once more; it may arrive twice. It refuses where Trouble.Again is false.
	Resend(ctx context.Context, label, messageID string) error
	// FindParticipants looks for offices and employers by part of a name, a town or an address; more says there are others.
	FindParticipants(ctx context.Context, label, typed string) (found []Found, more bool, err error)
	// NewLink ends the link of one and queues one message with a new one; refusals of app/outbox.
	NewLink(ctx context.Context, label, id string) error
	// Tasks lists the offices, and the employers that belong to none, that no invitation reaches.
	Tasks(ctx context.Context, label string) ([]Task, error)
	// Correct gives one of them another address and queues one new invitation; refusals of app/outbox.
	Correct(ctx context.Context, label, participantID, address, lang string) error
}

// Releases is what the desk asks about data leaving the house; main joins storage and exports to answer.
type Releases interface {
	// Releases lists the bundles of a wave, newest first.
	Releases(ctx context.Context, label string) ([]Release, error)
	// ReleaseAhead says what asking for a bundle needs, and whether its search takes longer than a page may.
	ReleaseAhead(ctx context.Context, label, population, profile string) (Ahead, error)
	// PreviewRelease says what the bundle of a frozen population would be, words of keys in lang; it builds and keeps nothing.
	// It tells how far it is; tell may be nil. It ends with ctx, as BuildRelease does.
	PreviewRelease(ctx context.Context, lang, label, population, profile string, tell Tell) (ReleasePreview, error)
	// BuildRelease freezes the closed population if nobody has, builds and verifies the bundle and keeps it in parts:
	// state "proposed" for scientific and public, "internal" for internal. The same snapshot and profile again give the
	// bundle that exists. A result that cannot hold its promise (k not reached) is a refusal. It returns the release.
	// Reason is why the same answers are released once more; without one a further release is refused.
	BuildRelease(ctx context.Context, label, population, profile, by, reason string, tell Tell) (Release, error)
	// ApproveRelease moves proposed to approved; it refuses by = ProposedBy. The first approved one makes the wave released.
	ApproveRelease(ctx context.Context, label, id, by string) error
	// RejectRelease moves proposed to rejected, with a reason; whoever proposed it may take it back like this.
	RejectRelease(ctx context.Context, label, id, by, reason string) error
	// ReleaseParts gives the parts of an approved or internal bundle in order to each, or refuses a proposed one before the first.
	ReleaseParts(ctx context.Context, label, id string, each func(part []byte) error) error
}

// Problem is a thing the person can correct: Field of the form, Key of a sentence in the desk catalogue, its arguments.
// Keys the desk already has words for: required, taken, not_a_year, years_order, not_a_time, times_order, past, unknown, label.
type Problem struct {
	Field, Key string
	Args       map[string]any
}

// Wave is one run of the study. State: setup running closed released archived.
type Wave struct {
	Label          string
	RefFrom, RefTo int
	State          string
	Synthetic      bool // made-up data: demo or rehearsal
	Rehearsal      bool
	MailPaused     bool
	HeadReleases   bool // the head of each office releases its answers
	Populations    []Population
}

// Population is one population's window. State: planned open closed.
type Population struct {
	Name          string
	Questionnaire string // "employer/2"
	State         string
	Opens, Closes time.Time
	Ended         bool   // open, but the database clock is past Closes: answering says 410
	Frozen        bool   // a snapshot exists
	Snapshot      string // its hash, hex; "" while not frozen
	Participants  int    // how many are on the list (invited; says nothing of answers)
	MayOpen       bool   // order of opening holds and the list is not empty
	MayClose      bool
	MayFreeze     bool
}

// NewWave is the form that makes a wave; times have passed a parser, questionnaires may be "" for the newest.
type NewWave struct {
	Label                        string
	RefFrom, RefTo               int
	Opens, Closes                time.Time
	Office, Employer, Discussion string
	Rehearsal                    bool
	HeadReleases                 bool // the head of each office releases its answers; a repeated wave keeps to what the one before did
}

// Office is one office with its exact state (confidential promise). State: not_started started to_release submitted refused.
// Head is the masked address of its head; Waiting says that answers, or a correction of submitted ones, wait for the head.
type Office struct {
	Code, Name, Language, State string
	Nominated, Quota            int
	Head                        string
	Waiting                     bool
}

// Group is one feedback group of the employers' frame: its offices, how many employers are invited (exact: who is invited is
// FSIO's own list), and the attributes its responses will carry. Small says it holds fewer than 20.
type Group struct {
	Name    string
	Offices []string
	Invited int
	Strata  []Stratum
	Small   bool
}

// Stratum is one combination of frame attributes and how many were invited with it (at least 10, or it is coarser).
type Stratum struct {
	Attributes []string // "office_size=large", in the wave's order; empty when all were dropped
	Invited    int
}

// Counts are an anonymous population's readings. Responses are multiples of 5, and so are Low and High, between which the
// responses will lie at the end; both are 0 where nothing can be said.
type Counts struct {
	Invited, Responses int
	Low, High          int
	Groups             []GroupCount
}

// GroupCount is one feedback group's reading. Responses is a multiple of 5.
type GroupCount struct {
	Name               string
	Invited, Responses int
}

// Outcomes are what became of the invitations of one cell of at least 10 invited; all but Invited are multiples of 5.
// Dimension: all group size branch language selection. Value is the code of the cell, *few where small ones are counted
// together, or words.
type Outcomes struct {
	Dimension, Value                                   string
	Invited, Submitted, Refused, Undeliverable, Silent int
}

// Discussion is the group discussion with one office. State: not_started started submitted refused. MayRecord: its window is open.
type Discussion struct {
	Code, Office, State string
	MayRecord           bool
}

// Nomination is an employer proposed by an office and awaiting approval. Size and Branch are codes of e_size and e_branch.
type Nomination struct {
	ID, Office, Name, Email, Language, Size, Branch, Town string
	Selection                                             string   // picked drawn
	Row                                                   int      // of the office's list, where it was drawn
	Told                                                  string   // day on which the employer was told, 2026-11-03; or ""
	Doubts                                                []string // keys of sentences the desk shows: same_address, suppressed, invited
	Likes                                                 []Like   // employers that may be the same: staff decide
}

// Like is an employer with a like name in a like town and another address. ID is that of its nomination, "" for one on the list
// already; Office is "" where no office proposed it. Spare says
// that of the two the nomination would be given up: the other is on the list, or its office has fewer nominations.
type Like struct {
	ID, Office, Name, Town string
	Spare                  bool
}

// Settled is what became of nominations.
type Settled struct{ Approved, Duplicates, Stopped int }

// Selections is how the offices of a wave select. Mode: either picked drawn.
type Selections struct {
	Mode    string
	Offices []OfficeSelection // by code
}

// OfficeSelection is how one office does. Mode: picked drawn, or "" while it has not said so.
type OfficeSelection struct {
	Code, Mode       string
	Firms            int    // out of how many
	Seed             string // of the draw
	Nominated, Quota int
	Excluded         map[string]int // rows it left out, by reason
	MayReset         bool
}

// PanelMember is an employer that agreed to be asked again. Why: it cannot be taken (invited nominated stopped), or "".
// Like is the name of an employer of the wave that may be the same. Email is masked.
type PanelMember struct {
	ID, Name, Email, Language, Why, Like string
	Year                                 int
}

// Tell is told how far a piece of work is: a list (read check keep) or a release (search answers ways methods).
type Tell func(doing string, done, all int)

// Verdicts is what a list would do or did. Refused > 0 means nothing is or will be kept.
type Verdicts struct {
	Lines                    []Verdict
	Good, Refused, Kept, All int
}

// Verdict is one line of a list; Number counts as a spreadsheet does (the header is 1). Sentence is in words; "" when Good.
type Verdict struct {
	Number   int
	Name     string
	Good     bool
	Sentence string
}

// Plan is what a sending would do. Blocked names why nothing may be queued ("" when it may): not_open ended not_closed not_released
// no_one. Faults are what the dry run found; any of them keeps everything from being queued. Floored is a plan of thanks or results
// for employers, or of the rest of a reminder to them, whose exact numbers would say how many have answered: Queue is a multiple of 5,
// and there may be messages where it is 0; Already, Suppressed, Unreachable and Languages are left out, and each fault stands once,
// without a participant.
type Plan struct {
	Population, Kind string
	Name             string         // of its entry in the schedule: invitation, reminder1 (reminder0 is one ahead of the first), last_call …
	Takes            time.Duration  // how long the sending needs
	Queue            int            // messages that would be added
	Already          int            // made before
	Suppressed       int            // have asked for no messages
	Unreachable      int            // without a usable address
	Languages        map[string]int // of Queue
	Blocked          string
	Faults           []Fault
	Floored          bool
}

// Fault is a message that would be wrong: the code of its participant and one of unwritable empty placeholder language foreign_link link
// stop recipient.
type Fault struct{ Participant, Rule string }

// MailState is the state of a wave's messages.
type MailState struct {
	Paused  bool
	Rows    []MailCount
	Trouble []Trouble
}

// MailCount counts the messages of one population, kind and state (queued claimed transmitting sent retry failed unknown cancelled returned).
// To employers, those sent and those cancelled are counted together as handled, thanks and results from the moment they are queued.
// Floored says that N is floored to 5: all counts of messages to employers but of invitations handled or queued.
type MailCount struct {
	Population, Kind, State string
	N                       int
	Floored                 bool
}

// Trouble is a message a person must settle: State unknown (the connection broke while it was handed over), failed or
// returned. Email is masked; it and Name are empty for messages to employers but invitations. Code is the mail server's word, without
// an address. Again says that it may be sent once more.
type Trouble struct {
	ID, Population, Kind, Name, Email, State, Code string
	Again                                          bool
	Correctable                                    bool // a hand-over whose address may be corrected
}

// Task is a participant that no invitation reaches, with its whole address, since that must be corrected. Soft: not
// delivered for now, again and again. Status is the mail server's code, or empty.
type Task struct {
	ID, Population, Name, Email, Language string
	Soft                                  bool
	Status                                string
}

// Release is one bundle. State: proposed approved rejected internal.
type Release struct {
	ID, Population, Profile, State string
	Variable                       string // whose texts these are, of profile freetext; else ""
	ProposedBy, ApprovedBy         string // staff e-mail; ApprovedBy is who decided
	Reason                         string // of a rejection
	Again                          string // why the same answers are released once more
	FileName, SHA256               string
	Size                           int64
	Made                           time.Time
	Rows                           int
	Marks                          string // "synthetic" when made from the demo or a rehearsal, else ""
}

// Journal keeps what staff did, chained; the one of a database is made by StaffJournal.
type Journal interface {
	Note(ctx context.Context, who, action, object, detail string) error
	Last(ctx context.Context, n int) ([]Entry, error)
	// Verify says whether the chain is whole.
	Verify(ctx context.Context) (bool, error)
}

// Entry is one line of the journal.
type Entry struct {
	When                        time.Time
	Who, Action, Object, Detail string
}
