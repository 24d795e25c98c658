package web

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// ClientIP gives the address a request came from: the rightmost one in
// X-Forwarded-For that is no proxy of ours, and the peer itself where the peer
// is no proxy. It is for throttling in memory only and must not be kept.
func (k *Kit) ClientIP(c *fiber.Ctx) netip.Addr {
	peer, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	peer = peer.Unmap()
	if !k.proxy(peer) {
		return peer
	}
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		at, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return peer
		}
		if at = at.Unmap(); !k.proxy(at) {
			return at
		}
	}
	return peer
}

func (k *Kit) proxy(at netip.Addr) bool {
	for _, p := range k.proxies {
		if p.Contains(at) {
			return true
		}
	}
	return false
}

func parsePrefix(raw string) (netip.Prefix, error) {
	if strings.Contains(raw, "/") {
		return netip.ParsePrefix(strings.TrimSpace(raw))
	}
	at, err := netip.ParseAddr(strings.TrimSpace(raw))
	if err != nil {
		return netip.Prefix{}, err
	}
	return at.Prefix(at.BitLen())
}

// Throttle counts events per key in the memory of this process.
type Throttle struct {
	limit int
	per   time.Duration
	mutex sync.Mutex
	from  time.Time
	count map[string]int
}

// NewThrottle allows limit events per key and span of time.
func NewThrottle(limit int, per time.Duration) *Throttle {
	return &Throttle{limit: limit, per: per, count: map[string]int{}}
}

// Failed counts a failure of the network (/24 or /64) of at and says whether it
// is one too many. Success is not to be counted.
func (t *Throttle) Failed(at netip.Addr, now time.Time) (tooMany bool) {
	return t.Over(network(at).String(), now)
}

// Over counts an event of key at the time now and says whether it is one too many.
func (t *Throttle) Over(key string, now time.Time) bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if now.Sub(t.from) >= t.per || now.Before(t.from) {
		t.from, t.count = now, map[string]int{}
	}
	t.count[key]++
	return t.count[key] > t.limit
}

func network(at netip.Addr) netip.Prefix {
	bits := 64
	if at.Is4() {
		bits = 24
	}
	p, err := at.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}
