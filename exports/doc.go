// Package exports turns the answers of a frozen snapshot into a release: a zip
// bundle of data, labels, codebooks and a report on what was done to protect
// those who answered.
//
// # Promise
//
// Records reach this package through Source, whose Record has no field that
// could hold an identity. Columns come from the questionnaire, never from the
// answers; a question without a disclosure role stops the export. The same
// snapshot, profile and row key always give the same bytes, and the order of
// rows tells nothing. A profile that promises a k is refused where it cannot be
// reached; before a bundle is handed out, the separate reader in exports/verify
// has read it and agreed. Confidential populations leave as the profile internal
// only, which is never called anonymised.
//
// # Why
//
// One profile is one fixed set of rules, so that nobody tunes a release until it
// shows what they hoped for. Keys are generalised over the full domain, so that
// a value means the same in every row; the few combinations that still stand
// alone are suppressed locally, strictly: a suppressed cell helps nobody else to
// hide. Where neither is enough, few records are left out. Answers themselves
// are protected after that: rare ones merged, classes that agree on a judgement
// hidden, routing closed.
//
// # Not here
//
// Who may ask for a release and who approves it (app/desk, storage/staff);
// disclosure control as such (exports/anonymise); file formats
// (exports/formats); texts that people typed, which leave by themselves
// (exports/freetext).
package exports
