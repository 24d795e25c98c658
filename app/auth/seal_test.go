package auth

import (
	"testing"
	"time"
)

func testSealer(t *testing.T) *sealer {
	t.Helper()
	s, err := newSealer([32]byte{1}, [32]byte{2})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestTicket_comes_back_as_it_was_sealed(t *testing.T) {
	s := testSealer(t)
	want, err := newTicket(noon)
	if err != nil {
		t.Fatal(err)
	}
	cookie, err := s.seal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.open(cookie)
	if err != nil || got != want {
		t.Errorf("open(seal(t)) = %v, %v, want %v", got, err, want)
	}
}

func TestTicket_of_another_hand_is_refused(t *testing.T) {
	s := testSealer(t)
	mine, _ := newTicket(noon)
	cookie, _ := s.seal(mine)
	other, _ := newSealer([32]byte{9}, [32]byte{2})
	foreign, _ := other.seal(mine)
	changed := []byte(cookie)
	changed[20] ^= 1
	for name, c := range map[string]string{
		"empty": "", "one byte": "AA", "a plain id": "c2Vzc2lvbi1pZA", "another key": foreign, "changed": string(changed),
		"shorter": cookie[:len(cookie)-2], "not base64": "!" + cookie,
	} {
		if _, err := s.open(c); err == nil {
			t.Errorf("open %s: no error", name)
		}
	}
}

func TestTicket_is_idle_after_half_an_hour(t *testing.T) {
	seen := ticket{seen: noon}
	for after, want := range map[time.Duration]bool{
		0: false, 29 * time.Minute: false, 30 * time.Minute: false, 30*time.Minute + time.Second: true,
		-30 * time.Second: false, -time.Hour: true,
	} {
		if got := seen.idle(noon.Add(after)); got != want {
			t.Errorf("idle after %v = %v, want %v", after, got, want)
		}
	}
}

func TestTag_fits_its_session_only(t *testing.T) {
	s := testSealer(t)
	a, _ := newTicket(noon)
	b, _ := newTicket(noon)
	later := a
	later.seen = noon.Add(time.Hour)
	if !s.fits(a, s.tagOf(a)) || !s.fits(later, s.tagOf(a)) {
		t.Error("a session refuses its own tag")
	}
	if s.fits(b, s.tagOf(a)) || s.fits(a, "") {
		t.Error("a session takes a foreign or empty tag")
	}
}

func TestWait_grows_after_the_fifth_failure_and_stays_under_a_quarter_of_an_hour(t *testing.T) {
	for n, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: 15 * time.Second, 6: 30 * time.Second, 7: time.Minute, 10: 8 * time.Minute, 11: 15 * time.Minute, 1 << 20: 15 * time.Minute,
	} {
		if got := Wait(n); got != want {
			t.Errorf("Wait(%d) = %v, want %v", n, got, want)
		}
	}
}

func TestRoles(t *testing.T) {
	acts := []Act{SeeWaves, SeeFieldwork, RunWave, Invite, Send, SeeDiscussions, Record, SeeReleases, BuildRelease, ApproveRelease,
		DownloadRelease, DownloadInside, SeeJournal, ManageStaff, SeeVersions, Author, SeeCorrections, CorrectAnswers, ConfirmCorrection}
	if len(acts) != len(may) {
		t.Errorf("the table has %d acts, want %d", len(may), len(acts))
	}
	for _, a := range acts {
		if len(may[a]) == 0 {
			t.Errorf("nobody may %s", a)
		}
		if Role("").May(a) || Role("owner").May(a) {
			t.Errorf("an unknown role may %s", a)
		}
	}
	if Moderator.May(SeeFieldwork) || Moderator.May(SeeReleases) || Reviewer.May(BuildRelease) || Lead.May(ManageStaff) || Reviewer.May(DownloadInside) {
		t.Error("a role may more than its work needs")
	}
	for _, r := range Roles {
		if !r.Known() || !r.May(SeeWaves) {
			t.Errorf("role %s may not see the waves", r)
		}
	}
}
