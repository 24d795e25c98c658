// Package office is the room of a cantonal office behind its link: the state of
// its questionnaire and the employers it proposes. It also hosts the page behind
// a stop link, which belongs to people who are not answering.
//
// # Promise
//
// An office sees its own nominations only, with masked addresses; a full
// address stands in a form it has just posted and nowhere else. Nothing here
// says whether an employer takes part, or whom others have proposed. Before it
// nominates it says how it selects. A nomination changes until its employer is
// invited. A list is kept whole or not at all, and only after it was shown.
// Nominating ends seven days before the employers' end, by the database clock.
// GET changes nothing; a stop link acts on POST.
//
// # Not here
//
// Answering (app/respond), what a list means (app/nominate), approving (app/desk).
package office
