// Package respondent answers a questionnaire over HTTP as a person without JavaScript does: it
// opens a personal link, presses Start, fills in each page and submits.
//
// # Promise
//
// It knows nothing of the server but its pages and the words of the contract (form fields,
// reserved names, 303 and 422): what it proves holds for any browser.
//
// # Not here
//
// What to answer: the caller gives answers, or lets Any choose.
package respondent
