package desk

import (
	"errors"
	"maps"
	"slices"

	"github.com/gofiber/fiber/v2"

	"rondo/app/auth"
)

// The prefixes of the paths that take files, for the kit's limits: lists, and folders of questionnaires.
const (
	UploadPath = "/desk/lists"
	DraftPath  = "/desk/drafts"
)

// Uploads are the prefixes of the paths that take files.
var Uploads = []string{UploadPath, DraftPath}

// URL is one row of the desk's table: which act a signed-in person must be allowed to do. Act "" means nobody needs to be signed in.
type URL struct {
	Method, Path string
	Act          auth.Act
	Handler      fiber.Handler // with its guard in front
}

const (
	get  = fiber.MethodGet
	post = fiber.MethodPost
	wave = "/desk/waves/:label"

	published = "/desk/questionnaires/:key/:version"
	draft     = DraftPath + "/:key/:draft"
)

// URLs is everything under /desk.
func (r *Room) URLs() []URL {
	table := slices.Concat(r.doorURLs(), r.waveURLs(), r.mailURLs(), r.versionURLs())
	pages := map[string]fiber.Handler{}
	for _, u := range table {
		if u.Method == get {
			pages[u.Path] = u.Handler
		}
	}
	maps.Copy(pages, r.shownBy())
	for i, u := range table {
		page := pages[u.Path]
		if page != nil && u.Method == post {
			u.Handler = switched(page, u.Handler)
		}
		if u.Act == "" {
			table[i].Handler = r.Door.Visit(u.Handler)
		} else {
			table[i].Handler = r.journalled(u, r.Door.Require(u.Act, u.Handler))
		}
		if page != nil && u.Method == post {
			table[i].Handler = r.keeping(u, page, table[i].Handler)
		}
	}
	return table
}

// journalled notes who tried a change their role does not allow; reading writes nothing.
func (r *Room) journalled(u URL, next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		err := next(c)
		if u.Method != post || !errors.Is(err, auth.ErrDenied) {
			return err
		}
		return r.did(c, "denied."+string(u.Act), u.Path, "", err)
	}
}

func (r *Room) doorURLs() []URL {
	return []URL{
		{get, "/desk/welcome/:token", "", r.showWelcome},
		{post, "/desk/welcome/:token", "", r.acceptWelcome},
		{get, "/desk/sign-in", "", r.showSignIn},
		{post, "/desk/sign-in", "", r.signIn},
		{post, "/desk/sign-out", "", r.signOut},

		{get, "/desk/me", auth.SeeWaves, r.showMe},
		{post, "/desk/me", auth.SeeWaves, r.changeFactor},
		{get, "/desk/staff", auth.ManageStaff, r.showStaff},
		{post, "/desk/staff", auth.ManageStaff, r.addStaff},
		{get, "/desk/staff/:id/disable", auth.ManageStaff, r.showDisable},
		{post, "/desk/staff/:id/disable", auth.ManageStaff, r.disable},
		{get, "/desk/staff/:id/factor", auth.ManageStaff, r.showDropFactor},
		{post, "/desk/staff/:id/factor", auth.ManageStaff, r.dropFactor},
		{get, "/desk/journal", auth.SeeJournal, r.showJournal},
	}
}

func (r *Room) waveURLs() []URL {
	return []URL{
		{get, "/desk", auth.SeeWaves, r.showWaves},
		{get, "/desk/new", auth.RunWave, r.showNew},
		{post, "/desk/new", auth.RunWave, r.create},
		{get, wave, auth.SeeWaves, r.showWave},
		{get, wave + "/repeat", auth.RunWave, r.showRepeat},
		{post, wave + "/repeat", auth.RunWave, r.repeat},
		{get, wave + "/archive", auth.RunWave, r.showArchive},
		{post, wave + "/archive", auth.RunWave, r.archive},
		{get, wave + "/step/end/:population", auth.RunWave, r.showEnd},
		{post, wave + "/step/end/:population", auth.RunWave, r.moveEnd},
		{get, wave + "/step/:step/:population", auth.RunWave, r.showStep},
		{post, wave + "/step/:step/:population", auth.RunWave, r.step},

		{get, wave + "/offices", auth.SeeFieldwork, r.showOffices},
		{get, wave + "/offices/:code/head", auth.Invite, r.showHead},
		{post, wave + "/offices/:code/head", auth.Invite, r.setHead},
		{get, wave + "/employers", auth.SeeFieldwork, r.showEmployers},
		{get, wave + "/nominations", auth.SeeFieldwork, r.showNominations},
		{post, wave + "/nominations", auth.Invite, r.decideNominations},
		{post, wave + "/nominations/selection", auth.RunWave, r.selectOffices},
		{post, wave + "/nominations/reset", auth.RunWave, r.unselect},
		{get, wave + "/panel", auth.SeeFieldwork, r.showPanel},
		{post, wave + "/panel", auth.Invite, r.takePanel},
		{get, UploadPath + "/:label/:population", auth.Invite, r.showList},
		{post, UploadPath + "/:label/:population", auth.Invite, r.checkList},
		{post, UploadPath + "/:label/:population/keep", auth.Invite, r.keepList},

		{get, wave + "/discussions", auth.SeeDiscussions, r.showDiscussions},
		{post, wave + "/discussions/:code/record", auth.Record, r.record},

		{get, wave + "/corrections", auth.SeeCorrections, r.showCorrections},
		{post, wave + "/corrections", auth.SeeCorrections, r.decideCorrections},
		{get, wave + "/corrections/:population", auth.CorrectAnswers, r.showCorrectable},
		{get, wave + "/corrections/:population/:variable", auth.CorrectAnswers, r.showCorrecting},
		{post, wave + "/corrections/:population/:variable", auth.CorrectAnswers, r.propose},

		{get, wave + "/releases", auth.SeeReleases, r.showReleases},
		{post, wave + "/releases", auth.BuildRelease, r.build},
		{get, wave + "/releases/preview/:population/:profile", auth.SeeReleases, r.showPreview},
		{post, wave + "/releases/preview/:population/:profile", auth.BuildRelease, r.buildPreviewed},
		{get, wave + textsPath, auth.SeeReleases, r.showFreeTexts},
		{post, wave + textsPath, auth.BuildRelease, r.beginFreeTexts},
		{get, wave + textsPath + "/:question", auth.SeeReleases, r.showQuestionTexts},
		{post, wave + textsPath + "/:question", auth.BuildRelease, r.proposeTexts},
		{get, wave + textsPath + "/:question/:text", auth.SeeReleases, r.showFreeText},
		{post, wave + textsPath + "/:question/:text", auth.BuildRelease, r.redactText},
		{post, wave + textsPath + "/:question/:text/read", auth.ApproveRelease, r.readText},
		{get, wave + "/releases/:id/approve", auth.ApproveRelease, r.showApprove},
		{post, wave + "/releases/:id/approve", auth.ApproveRelease, r.approve},
		{get, wave + "/releases/:id/reject", auth.SeeReleases, r.showReject},
		{post, wave + "/releases/:id/reject", auth.SeeReleases, r.reject},
		{post, wave + "/releases/:id/download", auth.DownloadRelease, r.download},
	}
}

// mailURLs are about messages and those they do not reach.
func (r *Room) mailURLs() []URL {
	return []URL{
		{get, wave + "/links", auth.Invite, r.showLinks},
		{post, wave + "/links", auth.Invite, r.findParticipant},
		{post, wave + "/links/new", auth.Invite, r.newLink},
		{get, wave + "/returned", auth.Invite, r.showReturned},
		{post, wave + "/returned", auth.Invite, r.correctAddress},
		{get, wave + "/mail", auth.SeeFieldwork, r.showMail},
		{post, wave + "/mail/pause", auth.Send, r.pauseMail},
		{post, wave + "/mail/settle", auth.Send, r.settleMail},
		{get, wave + "/mail/correct", auth.Send, r.showCorrect},
		{post, wave + "/mail/correct", auth.Send, r.correct},
		{get, wave + "/mail/:population/:kind", auth.Send, r.showSending},
		{post, wave + "/mail/:population/:kind", auth.Send, r.send},
		{get, wave + "/mail/:population/:kind/cancel", auth.Send, r.showCancel},
		{post, wave + "/mail/:population/:kind/cancel", auth.Send, r.cancel},
		{get, wave + "/schedule/:population", auth.Send, r.showSchedule},
		{post, wave + "/schedule/:population", auth.Send, r.setSchedule},
		{get, wave + "/texts", auth.Send, r.showTexts},
		{get, wave + "/texts/:population/:kind/:lang", auth.Send, r.showText},
		{post, wave + "/texts/:population/:kind/:lang", auth.Send, r.setText},
	}
}

func (r *Room) versionURLs() []URL {
	return []URL{
		{get, "/desk/questionnaires", auth.SeeVersions, r.showVersions},
		{get, published, auth.SeeVersions, r.showVersion},
		{get, published + "/files", auth.SeeVersions, r.versionFiles},
		{get, published + "/print", auth.SeeVersions, r.printVersion},
		{post, published + "/next", auth.Author, r.nextVersion},
		{get, DraftPath + "/new", auth.Author, r.showNewDraft},
		{post, DraftPath + "/new", auth.Author, r.addDraft},
		{get, draft, auth.Author, r.showDraft},
		{get, draft + "/files", auth.Author, r.draftFiles},
		{post, draft + "/files", auth.Author, r.editDraft},
		{get, draft + "/print", auth.Author, r.printDraft},
		{post, draft + "/classes", auth.Author, r.classify},
		{get, draft + "/publish", auth.Author, r.showPublish},
		{post, draft + "/publish", auth.Author, r.publish},
		{get, draft + "/discard", auth.Author, r.showDiscard},
		{post, draft + "/discard", auth.Author, r.discard},
	}
}
