package auth

// Role is what a staff account may do; the words stand in the database and on the command line.
type Role string

// The five roles (design §1).
const (
	Admin     Role = "admin"
	Lead      Role = "lead"
	Analyst   Role = "analyst"
	Reviewer  Role = "reviewer"
	Moderator Role = "moderator"
)

// Roles lists all roles in the order they are offered.
var Roles = []Role{Admin, Lead, Analyst, Reviewer, Moderator}

// Act is one thing staff do at the desk; every URL of the desk names the act it needs.
type Act string

// The acts. A role that stands in no row of May for an act may not do it.
const (
	SeeWaves       Act = "see-waves"       // the list of waves and their windows
	SeeFieldwork   Act = "see-fieldwork"   // offices by name, counts, groups, sending
	RunWave        Act = "run-wave"        // create, open, close, freeze, archive, repeat
	Invite         Act = "invite"          // lists and nominations
	Send           Act = "send"            // messages
	SeeDiscussions Act = "see-discussions" // the list of group discussions
	Record         Act = "record"          // fill in a discussion for its office
	SeeVersions    Act = "see-versions"    // published questionnaires and what changed with each
	Author         Act = "author"          // draft, classify and publish questionnaires
	SeeCorrections Act = "see-corrections" // the correction sheet, which holds answers

	CorrectAnswers    Act = "correct-answers"    // see the values of a variable and propose corrections
	ConfirmCorrection Act = "confirm-correction" // as the second person

	SeeReleases     Act = "see-releases"     // the ledger of bundles
	BuildRelease    Act = "build-release"    // make a bundle
	ApproveRelease  Act = "approve-release"  // as the second person
	DownloadRelease Act = "download-release" // take an approved bundle home
	DownloadInside  Act = "download-inside"  // take the internal bundle, which holds office answers by name
	SeeJournal      Act = "see-journal"
	ManageStaff     Act = "manage-staff"
)

var may = map[Act][]Role{
	SeeWaves:       {Admin, Lead, Analyst, Reviewer, Moderator},
	SeeFieldwork:   {Admin, Lead, Analyst, Reviewer},
	RunWave:        {Admin, Lead},
	Invite:         {Admin, Lead},
	Send:           {Admin, Lead},
	SeeDiscussions: {Admin, Lead, Moderator},
	Record:         {Admin, Lead, Moderator},
	SeeVersions:    {Admin, Lead, Analyst, Reviewer, Moderator},
	Author:         {Admin, Lead},
	SeeCorrections: {Admin, Lead, Analyst, Reviewer},

	CorrectAnswers:    {Admin, Lead, Analyst},
	ConfirmCorrection: {Admin, Lead, Reviewer},

	SeeReleases:     {Admin, Lead, Analyst, Reviewer},
	BuildRelease:    {Admin, Lead, Analyst},
	ApproveRelease:  {Admin, Lead, Reviewer},
	DownloadRelease: {Admin, Lead, Analyst, Reviewer},
	DownloadInside:  {Admin, Lead, Analyst},
	SeeJournal:      {Admin, Lead, Reviewer},
	ManageStaff:     {Admin},
}

// May says whether the role may do the act; an unknown role or act may nothing.
func (r Role) May(a Act) bool {
	for _, allowed := range may[a] {
		if allowed == r {
			return true
		}
	}
	return false
}

// Known says whether r is one of the five roles.
func (r Role) Known() bool {
	for _, known := range Roles {
		if known == r {
			return true
		}
	}
	return false
}
