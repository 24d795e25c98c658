package outbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"rondo/app/mail"
	"rondo/storage/identity"
	"rondo/storage/keys"
)

// head is the office of the scene with a head at an address, as its pages know it.
func (s *scene) head(t *testing.T, address string) identity.Holder {
	t.Helper()
	ctx := context.Background()
	if err := s.SetHead(ctx, s.office.ID, address); err != nil {
		t.Fatal(err)
	}
	e, err := s.Identity.EntryByID(ctx, s.office.ID)
	if err != nil {
		t.Fatal(err)
	}
	return e.Holder()
}

// releaseLink is the token in a message to a head.
func releaseLink(t *testing.T, text string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, public+"/release/")
	if !found || len(rest) < idLength+keys.TokenLength {
		t.Fatalf("no release link in %q", text)
	}
	return rest[:idLength+keys.TokenLength]
}

func TestTheHeadGetsALinkOfTheirOwnInTheLanguageOfTheOffice(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 0)
		sink, relay := startSink(t)
		h := s.head(t, " Claire <claire@AI.example.ch> ")
		if err := s.AskRelease(ctx, h); err != nil {
			t.Fatal(err)
		}
		done := s.worker(relay) // the office has submitted before: that must not keep a correction from its head
		done.Done = func(context.Context, identity.Population, []identity.Participant) (map[string]bool, error) {
			return map[string]bool{s.office.ID: true}, nil
		}
		run(t, []*Worker{done, s.worker(relay)}, func() bool { return s.idleNow(t) })
		got := sink.all()
		if len(got) != 1 || got[0].to != "claire@ai.example.ch" {
			t.Fatalf("%d messages: %v", len(got), s.states(t, identity.MessageRelease))
		}
		text := got[0].text(t)
		if !strings.HasPrefix(text, "Bonjour") || strings.Contains(text, public+"/r/") {
			t.Errorf("the message to the head of an office that is written to in French: %q", text)
		}
		link := releaseLink(t, text)
		for _, spelt := range []string{link, strings.ToUpper(link) + ".", " " + link + ">"} {
			if found, token, err := s.Head(ctx, spelt); err != nil || found.ID != s.office.ID || token != link {
				t.Errorf("the link as %q: %v", spelt, err)
			}
		}
		if look, err := s.LookStop(ctx, strings.TrimPrefix(s.stopURL(identity.MessageRelease, identity.Participant{ID: s.office.ID, Head: h.Head}), public+"/u/")); err != nil || look.Masked != "c…@ai.example.ch" {
			t.Errorf("the stop link of the head: %+v, %v", look, err)
		}
	})
}

func TestNoOtherLinkReleasesAnything(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 1)
		s.head(t, "claire@ai.example.ch")
		e, err := s.Identity.EntryByID(ctx, s.office.ID)
		if err != nil {
			t.Fatal(err)
		}
		url, _ := s.ReleaseURL(e.Participant, e.Population)
		good := strings.TrimPrefix(url, public+"/release/")
		if _, _, err := s.Head(ctx, good); err != nil {
			t.Fatal(err)
		}
		id, other := s.office.ID, s.employers[0].ID
		for name, token := range map[string]string{
			"nothing": "", "the id alone": id, "the office's own link": s.Secret.Link(e.Population.LinkSalt, id, e.Participant.Epoch),
			"its link behind its id": id + s.Secret.Link(e.Population.LinkSalt, id, e.Participant.Epoch), "its stop link": id + s.Secret.Stop(id),
			"the stop link of the head": id + s.Secret.StopHead(id, "claire@ai.example.ch"), "without a head": id + s.Secret.Release(e.Population.LinkSalt, id, ""),
			"another head": id + s.Secret.Release(e.Population.LinkSalt, id, "eve@ai.example.ch"), "another salt": id + s.Secret.Release([]byte("salt"), id, "claire@ai.example.ch"),
			"of an employer": other + s.Secret.Release(e.Population.LinkSalt, other, ""), "of nobody": strings.Repeat("0", idLength) + good[idLength:],
			"one letter off": good[:len(good)-1] + map[bool]string{true: "1", false: "0"}[good[len(good)-1] == '0'], "cut": good[:len(good)-1], "twice": good + good,
		} {
			if _, _, err := s.Head(ctx, token); !errors.Is(err, ErrUnknownRelease) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, ok := keys.ParseToken(good); ok {
			t.Error("the link of the head passes as a personal link")
		}
		if _, err := s.Identity.HolderByToken(ctx, keys.HashToken(good[idLength:])); err == nil {
			t.Error("the token of the head opens the questionnaire")
		}
		s.head(t, "denise@ai.example.ch")
		if _, _, err := s.Head(ctx, good); !errors.Is(err, ErrUnknownRelease) {
			t.Errorf("the link of the head before: %v", err)
		}
		if err := s.Identity.EraseLinkSalt(ctx, s.wave.ID, "office"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Head(ctx, id+s.Secret.Release(nil, id, "denise@ai.example.ch")); !errors.Is(err, ErrUnknownRelease) {
			t.Errorf("once the salt is erased: %v", err)
		}
	})
}

func TestOnlyAUsableAddressBecomesTheHeads(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 0)
		if err := s.Identity.Suppress(ctx, EmailHash(s.Secret, "nein@ai.example.ch"), "stopped"); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"", "claire", "a@b.ch, c@d.ch", "a@b.ch\r\nBcc: c@d.ch", "NEIN@ai.example.ch", s.office.Email, strings.ToUpper(s.office.Email)} {
			if err := s.SetHead(ctx, s.office.ID, bad); !errors.Is(err, ErrHead) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if err := s.AskRelease(ctx, identity.Holder{ID: s.office.ID}); !errors.Is(err, ErrNoMessage) {
			t.Errorf("a message to nobody: %v", err)
		}
		h := s.head(t, "claire@ai.example.ch")
		for i := range MostReleases + 1 {
			if err := s.AskRelease(ctx, h); (err != nil) != (i == MostReleases) {
				t.Errorf("message %d: %v", i+1, err)
			}
		}
	})
}

func TestAWrongAddressOfTheHeadIsATaskAndSaysNothingOfTheOffice(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 0)
		sink, relay := startSink(t)
		if err := s.AskRelease(ctx, s.head(t, "claire@ai.example.ch")); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		messages, err := s.Identity.Messages(ctx, s.wave.ID)
		if err != nil || len(messages) != 1 || len(sink.all()) != 1 {
			t.Fatalf("%d messages, %v", len(messages), err)
		}
		back, err := s.Bounce(ctx, strings.NewReader(bounce(sink.all()[0].from, "")))
		if err != nil || !back.Known || back.Class != mail.Hard {
			t.Fatalf("bounce: %+v, %v", back, err)
		}
		p, err := s.Identity.ParticipantByID(ctx, s.office.ID)
		if err != nil || p.State != "open" {
			t.Errorf("the office is %q, %v", p.State, err)
		}
		troubles := func() string {
			state, err := s.State(ctx, s.wave)
			if err != nil {
				t.Fatal(err)
			}
			all := ""
			for _, one := range state.Trouble {
				all += fmt.Sprintf("%s %s %s %v;", one.Kind, one.State, one.Email, one.Again)
			}
			return all
		}
		if got, want := troubles(), "release returned c…@ai.example.ch false;"; got != want {
			t.Errorf("tasks %q, want %q", got, want)
		}
		if err := s.AskRelease(ctx, s.head(t, "denise@ai.example.ch")); err != nil {
			t.Fatal(err)
		}
		if got := troubles(); got != "" {
			t.Errorf("tasks once another head was written to: %q", got)
		}
	})
}

func TestTheOfficeIsToldThatItsAnswersCameBackWithoutTheRemark(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 0)
		sink, relay := startSink(t)
		if err := s.TellGivenBack(ctx, s.head(t, "claire@ai.example.ch")); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{s.worker(relay)}, func() bool { return s.idleNow(t) })
		got := sink.all()
		if len(got) != 1 || got[0].to != s.office.Email || !strings.Contains(got[0].text(t), public+"/r/") || strings.Contains(got[0].text(t), "/release/") {
			t.Errorf("%d messages, %v", len(got), s.states(t, identity.MessageGivenBack))
		}
	})
}

func TestWhatIsNoReminderReachesTheOfficeWhoseAnswersWait(t *testing.T) {
	each(t, func(t *testing.T, o *Outbox) {
		ctx, s := context.Background(), newScene(t, o, 0)
		sink, relay := startSink(t)
		h := s.head(t, "claire@ai.example.ch")
		waiting := s.worker(relay)
		waiting.Waits = func(_ context.Context, e identity.Entry) (bool, error) { return e.Participant.ID == s.office.ID, nil }
		s.queue(t, "office", "invitation", 1)
		run(t, []*Worker{waiting}, func() bool { return s.idleNow(t) })
		s.queue(t, "office", "reminder", 1)
		if err := s.HandOver(ctx, h, "collegue@ai.example.ch", "fr"); err != nil {
			t.Fatal(err)
		}
		run(t, []*Worker{waiting}, func() bool { return s.idleNow(t) })
		to := map[string]int{}
		for _, r := range sink.all() {
			to[r.to]++
		}
		if to[s.office.Email] != 1 || to["collegue@ai.example.ch"] != 1 || to["claire@ai.example.ch"] != 1 || len(sink.all()) != 3 {
			t.Errorf("the sink holds %v, reminders %v", to, s.states(t, "reminder"))
		}
	})
}
