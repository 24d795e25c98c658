package auth

import "errors"

var (
	// ErrDenied refuses what the role of the account does not allow, and a second factor in the place of another.
	ErrDenied = errors.New("the role does not allow this")
	// ErrTag refuses a form of another or an ended session.
	ErrTag = errors.New("the form belongs to another session")
	// ErrLink refuses a one-time link that is unknown, used or older than a day.
	ErrLink = errors.New("the one-time link is not valid")
	// ErrWrong refuses a sign-in, whatever the reason.
	ErrWrong = errors.New("address and password do not match")
	// ErrTaken refuses a second account for an address.
	ErrTaken = errors.New("there is an account for this address")
	// ErrPassword refuses a password that PasswordProblem finds fault with.
	ErrPassword = errors.New("the password is too easy to guess")
	// ErrBusy means that too many sign-ins wait for their turn.
	ErrBusy = errors.New("too many sign-ins at a time")
)
