package main

import (
	"slices"

	"rondo/app/auth"
	"rondo/app/office"
	"rondo/app/respond"
	"rondo/app/wave"
	"rondo/app/web"
	"rondo/exports"
	"rondo/exports/freetext"
	"rondo/questionnaires"
	"rondo/storage"
)

// refusals is every refusal of the house with the status and the words it answers. What stands
// in no row is a failure of ours: logged once with a number, and never shown.
var refusals = slices.Concat(respond.Refusals, office.Refusals, []web.Refusal{
	{Err: storage.ErrNotFound, Status: 404, Key: ""},
	{Err: storage.ErrBusy, Status: 503, Key: ""},
	{Err: storage.ErrConflict, Status: 409, Key: "refusal.conflict"},
	{Err: storage.ErrState, Status: 409, Key: "refusal.state"},
	{Err: storage.ErrOwn, Status: 403, Key: "refusal.own"},
	{Err: storage.ErrDuplicate, Status: 409, Key: "refusal.duplicate"},

	{Err: auth.ErrDenied, Status: 403, Key: "refusal.denied"},
	{Err: auth.ErrTag, Status: 403, Key: "refusal.session"},
	{Err: auth.ErrLink, Status: 404, Key: "refusal.link"},
	{Err: auth.ErrBusy, Status: 503, Key: ""},

	{Err: wave.ErrNoWave, Status: 404, Key: ""},
	{Err: wave.ErrPopulation, Status: 404, Key: ""},
	{Err: wave.ErrOrder, Status: 409, Key: "refusal.order"},
	{Err: wave.ErrEmpty, Status: 409, Key: "refusal.empty"},
	{Err: wave.ErrNotOpen, Status: 409, Key: "refusal.not_open"},
	{Err: wave.ErrNotPlanned, Status: 409, Key: "refusal.not_planned"},
	{Err: wave.ErrNotClosed, Status: 409, Key: "refusal.not_closed"},
	{Err: wave.ErrFrozenNot, Status: 409, Key: "refusal.frozen_not"},
	{Err: wave.ErrTooEarly, Status: 409, Key: "refusal.nothing"},
	{Err: wave.ErrFewLate, Status: 409, Key: "refusal.few_late"},
	{Err: wave.ErrWaiting, Status: 409, Key: "refusal.correction_waits"},
	{Err: wave.ErrSheetClosed, Status: 409, Key: "refusal.sheet_closed"},
	{Err: wave.ErrCorrected, Status: 409, Key: "refusal.corrected"},
	{Err: wave.ErrArchived, Status: 409, Key: "refusal.archived"},
	{Err: wave.ErrUnfrozen, Status: 409, Key: "refusal.unfrozen"},
	{Err: wave.ErrUndecided, Status: 409, Key: "refusal.texts_undecided"},
	{Err: freetext.ErrTooFew, Status: 409, Key: "refusal.texts_few"},
	{Err: wave.ErrRehearsal, Status: 409, Key: "refusal.rehearsal"},

	{Err: wave.ErrUnpublishable, Status: 409, Key: "refusal.unpublishable"},
	{Err: questionnaires.ErrUnknown, Status: 404, Key: ""},

	{Err: exports.ErrTooFew, Status: 409, Key: "refusal.too_few"},
	{Err: exports.ErrUnreachable, Status: 409, Key: "refusal.unreachable"},
	{Err: exports.ErrFiner, Status: 409, Key: "refusal.second_finer"},
	{Err: exports.ErrDifference, Status: 409, Key: "refusal.second_difference"},
	{Err: exports.ErrJoint, Status: 409, Key: "refusal.second_joint"},
	{Err: exports.ErrTogether, Status: 409, Key: "refusal.second_answers"},
	{Err: exports.ErrNoRole, Status: 409, Key: "refusal.no_role"},
	{Err: exports.ErrSnapshot, Status: 409, Key: "refusal.nothing"},
	{Err: exports.ErrProfile, Status: 409, Key: "refusal.profile"},
	{Err: errUnapproved, Status: 403, Key: "refusal.unapproved"},
})
