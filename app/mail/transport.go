package mail

import (
	"context"
	"fmt"
)

// Result is what became of a message.
type Result string

// The results. After Unknown nobody may send the message again by machine.
const (
	Sent      Result = "sent"      // the relay has taken it
	Temporary Result = "temporary" // not taken now; trying again later is safe
	Permanent Result = "permanent" // not taken, and never will be
	Unknown   Result = "unknown"   // lost after the final dot: perhaps taken
)

// Outcome is the result of one attempt. Code says where and how it ended, such
// as "rcpt 550 5.1.1", "connect", "content"; it never holds words of the relay,
// which may name people.
type Outcome struct {
	Result Result
	Code   string
	Relay  bool // the relay or the way to it is at fault, not this message
}

// String prints the outcome for a log.
func (o Outcome) String() string { return fmt.Sprintf("%s (%s)", o.Result, o.Code) }

// Transport hands letters over, one at a time for each call.
type Transport interface {
	// Send hands one letter over. It calls transmitting at the last moment at
	// which nothing has been handed over yet; if that gives an error nothing
	// is sent, and Code is "withheld".
	Send(ctx context.Context, letter Letter, transmitting func() error) Outcome
}

// withheld is the outcome when the caller took the letter back in time.
var withheld = Outcome{Result: Temporary, Code: "withheld"}
