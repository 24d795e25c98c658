package main

// CLI is every command of Rondo, as kong reads it.
type CLI struct {
	Config `embed:""`

	Serve         ServeCommand         `cmd:"" default:"1" help:"Run the service (the default)."`
	Demo          DemoCommand          `cmd:"" help:"A scratch database with the synthetic wave 2015 and a wave 2026 in the field."`
	Questionnaire QuestionnaireCommand `cmd:"" help:"List, show, lint, compare and publish questionnaires."`
	Offices       OfficesCommand       `cmd:"" help:"The 26 offices."`
	Wave          WaveCommand          `cmd:"" help:"Make and move a wave."`
	Participants  ParticipantsCommand  `cmd:"" help:"Bring offices or employers into a wave."`
	Links         LinksCommand         `cmd:"" help:"The personal links of a wave, as CSV (journalled)."`
	Mail          MailCommand          `cmd:"" help:"Plan, queue and follow messages."`
	Export        ExportCommand        `cmd:"" help:"Write a dataset of a closed population."`
	Verify        VerifyCommand        `cmd:"" help:"Check a release bundle, independently of how it was made."`
	Tables        TablesCommand        `cmd:"" help:"Protected tables of a wave."`
	Risk          RiskCommand          `cmd:"" help:"Disclosure risk of any data file."`
	Anonymise     AnonymiseCommand     `cmd:"" help:"Make any data file k-anonymous."`
	Protect       ProtectCommand       `cmd:"" help:"Protect a table of counts."`
	Staff         StaffCommand         `cmd:"" help:"Staff accounts."`
	Audit         AuditCommand         `cmd:"" help:"The journal."`
	Backup        BackupCommand        `cmd:"" help:"Write the whole database to a file (never the secret)."`
	Restore       RestoreCommand       `cmd:"" help:"Fill an empty database from a backup; sending starts paused."`
	Migrate       MigrateCommand       `cmd:"" help:"Bring the database to this version."`
	Doctor        DoctorCommand        `cmd:"" help:"Check the installation."`
	Healthcheck   HealthcheckCommand   `cmd:"" hidden:"" help:"Ask the running service whether it is ready (for containers)."`
}
