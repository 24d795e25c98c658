package main

import (
	"github.com/gofiber/fiber/v2"

	"rondo/app/desk"
	"rondo/app/office"
	"rondo/app/respond"
)

// URL is one row of the table of all URLs. A GET never changes anything.
type URL struct {
	Method, Path string
	Who          string // anyone, link (a participant's cookie), office (an office's), head (of an office), or an act of the desk's roles
	Handler      fiber.Handler
}

// rooms are what the table leads to.
type rooms struct {
	house   *House
	respond *respond.Room
	office  *office.Room
	desk    *desk.Room
}

// table is every URL of the service but its assets; docs/urls.md prints it.
func (r rooms) table() []URL {
	const get, post = fiber.MethodGet, fiber.MethodPost
	urls := []URL{
		{get, "/healthz", "anyone", r.house.healthy},
		{get, "/readyz", "anyone", r.house.ready},
	}
	urls = append(urls, r.answering()...)
	urls = append(urls, []URL{
		{get, "/office", "office", r.office.Home},
		{post, "/office/head", "office", r.office.SetHead},
		{get, "/office/nominations/new", "office", r.office.NewNomination},
		{post, "/office/nominations/new", "office", r.office.Nominate},
		{get, "/office/nominations/list", "office", r.office.List},
		{post, "/office/nominations/list", "office", r.office.CheckList},
		{post, "/office/nominations/withdraw", "office", r.office.Withdraw},
		{get, "/office/nominations/correct", "office", r.office.Correction},
		{post, "/office/nominations/correct", "office", r.office.Correct},
		{get, "/office/selection", "office", r.office.Selection},
		{post, "/office/selection", "office", r.office.Select},
		{post, "/office/selection/exclude", "office", r.office.Exclude},
		{get, "/office/tell", "office", r.office.Tell},
		{post, "/office/tell", "office", r.office.Told},
		{get, "/office/employer-questionnaire", "office", r.office.EmployerQuestionnaire},
		{get, "/release", "head", r.respond.ShowRelease},
		{post, "/release", "head", r.respond.Release},
		{get, "/release/:token", "anyone", r.respond.ReleaseLanding},
		{post, "/release/:token", "anyone", r.respond.EnterRelease},
		{get, "/office/returned", "office", r.office.Returned},
		{post, "/office/returned", "office", r.office.Readdress},
		{get, "/check", "anyone", r.respond.AskCheck},
		{post, "/check", "anyone", r.respond.Check},
		{get, "/u/:token", "anyone", r.office.StopPage},
		{post, "/u/:token", "anyone", r.office.Stop},
	}...)
	for _, u := range r.desk.URLs() {
		who := string(u.Act)
		if who == "" {
			who = "anyone"
		}
		urls = append(urls, URL{u.Method, u.Path, who, u.Handler})
	}
	return urls
}

// answering are the URLs of those who answer; the preview of a questionnaire has the same.
func (r rooms) answering() []URL {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []URL{
		{get, "/", "anyone", r.respond.Home},
		{get, "/privacy", "anyone", r.respond.Privacy},
		{get, "/accessibility", "anyone", r.respond.Accessibility},

		{get, "/r/:token", "anyone", r.respond.Landing},
		{post, "/r/:token", "anyone", r.respond.Start},
		{get, "/answer", "link", r.respond.Resume},
		{get, "/answer/review", "link", r.respond.Review},
		{post, "/answer/submit", "link", r.respond.Submit},
		{get, "/answer/done", "link", r.respond.Done},
		{get, "/answer/own", "link", r.respond.Own},
		{post, "/answer/panel", "link", r.respond.Panel},
		{get, "/answer/later", "link", r.respond.Later},
		{get, "/answer/hand-over", "link", r.respond.AskHandOver},
		{post, "/answer/hand-over", "link", r.respond.HandOver},
		{get, "/answer/forward", "link", r.respond.ShowForward},
		{post, "/answer/forward", "link", r.respond.Forward},
		{get, "/answer/handed-over", "anyone", r.respond.HandedOver},
		{get, "/answer/withdraw", "anyone", r.respond.AskWithdraw},
		{post, "/answer/withdraw", "anyone", r.respond.Withdraw},
		{post, "/answer/sign-out", "anyone", r.respond.SignOut},
		{get, "/answer/signed-out", "anyone", r.respond.SignedOut},
		{get, "/answer/:page", "link", r.respond.Page},
		{post, "/answer/:page", "link", r.respond.SavePage},
	}
}
