package outbox

import (
	"strings"
	"sync"

	"rondo/storage/identity"
)

// domains counts the sessions under way by the domain of their recipient: the
// big mail services slow down or refuse whoever comes with many at once.
type domains struct {
	mu    sync.Mutex
	count map[string]int
	freed chan struct{} // holds something once a session has ended
}

func (d *domains) enter(p identity.Participant) { d.add(p, 1) }

func (d *domains) leave(p identity.Participant) {
	d.add(p, -1)
	select {
	case d.freed <- struct{}{}:
	default: // it is known already
	}
}

// has reports whether there may be one more session to a participant's domain.
func (d *domains) has(p identity.Participant, most int) bool {
	domain := domainOf(p)
	d.mu.Lock()
	defer d.mu.Unlock()
	return domain == "" || d.count[domain] < most
}

func domainOf(p identity.Participant) string {
	_, domain, _ := strings.Cut(strings.ToLower(p.Address()), "@")
	return domain
}

func (d *domains) add(p identity.Participant, n int) {
	domain := domainOf(p)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.count == nil {
		d.count = map[string]int{}
	}
	if d.count[domain] += n; d.count[domain] == 0 {
		delete(d.count, domain)
	}
}

// busy are the domains with as many sessions as there may be.
func (d *domains) busy(most int) (busy []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for domain, n := range d.count {
		if n >= most && domain != "" {
			busy = append(busy, domain)
		}
	}
	return busy
}
