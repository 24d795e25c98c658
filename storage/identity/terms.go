package identity

import (
	"sync"
	"time"
)

const (
	termsAge  = time.Second // how long terms count
	linksMost = 8192        // links whose terms are remembered; about 1 MB
)

// terms are what the holders of many links have in common: their population, wave and
// office. In a busy second hundreds of pages would read them again and again, and the
// join costs the database more than the participant's own row. They are kept only while
// the population is open, when its version can no longer change; what else may change
// meanwhile is judged on the answer side, in the statement that saves.
type terms struct {
	lock  sync.Mutex
	links map[string]termsKey // SHA-256 of a token → its terms
	kept  map[termsKey]term   // forgotten as a whole, termsAge after the first
}

// termsKey names terms: participants of one population that belong to one office.
type termsKey struct{ wave, population, office string }

type term struct {
	population Population
	wave       HolderWave
	office     *HolderOffice
}

// of gives the terms of a link where they were read less than termsAge ago.
func (t *terms) of(hash []byte) (termsKey, term, bool) {
	if t == nil {
		return termsKey{}, term{}, false
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	key := t.links[string(hash)]
	kept, known := t.kept[key]
	return key, kept, known
}

// keep remembers the terms of a holder as they were just read.
func (t *terms) keep(hash []byte, office string, h Holder) {
	if t == nil || h.Population.State != "open" {
		return
	}
	key := termsKey{h.Wave.ID, h.Population.Name, office}
	t.lock.Lock()
	defer t.lock.Unlock()
	if len(t.links) >= linksMost || t.links == nil {
		t.links = map[string]termsKey{}
	}
	if t.kept == nil {
		t.kept = map[termsKey]term{}
		time.AfterFunc(termsAge, t.forget)
	}
	t.links[string(hash)] = key
	t.kept[key] = term{h.Population, h.Wave, h.Office}
}

func (t *terms) forget() {
	if t == nil {
		return
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	t.kept = nil
}
