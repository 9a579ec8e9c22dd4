// Package exit is the one list of the ways in which worksctl ends: the exit
// codes that scripts rely on, and the error type that carries one of them from
// where a thing went wrong to where it is reported.
package exit

import (
	"errors"
	"fmt"
	"io/fs"
)

// Code is a process exit code. The values are a promise to scripts (cli.md,
// "Exit codes") and never change.
type Code int

// The exit codes.
const (
	OK          Code = 0   // done; also for an empty result
	Failed      Code = 1   // network, server, plan, file, not found, unexpected; every item failed
	Usage       Code = 2   // flag, argument, setting, or an answer needed that nobody can give; no request was made
	SignIn      Code = 3   // no or unknown profile; no, expired or refused credential; missing scope
	Partial     Code = 4   // some items failed, the rest went through
	Refused     Code = 5   // nothing was sent: declined, ambiguous, over a cap, or the device's state forbids it
	Unknown     Code = 6   // the outcome of at least one item is not known, or not known yet
	Interrupted Code = 130 // SIGINT
	Terminated  Code = 143 // SIGTERM
)

// Error is an error that knows how the process ends because of it and what
// the user can do next. Its text is one line without a trailing full stop.
type Error struct {
	Exit    Code   // the exit code
	ID      string // stable upper-case name for JSON errors, for example UNKNOWN_COLUMN
	Message string // what failed: why
	Hint    string // the next command to type, or empty
	Err     error  // the cause, or nil; not repeated in Message

	HTTPStatus int    // status of the answer that caused it, 0 if none did
	RequestID  string // the server's name for that request, or empty
}

func (e *Error) Error() string {
	switch {
	case e.Err == nil:
		return e.Message
	case e.Message == "":
		return e.Err.Error()
	default:
		return e.Message + ": " + e.Err.Error()
	}
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Usagef makes an error with exit code 2. id is its JSON name, hint the remedy.
func Usagef(id, hint, format string, args ...any) *Error {
	return &Error{Exit: Usage, ID: id, Hint: hint, Message: fmt.Sprintf(format, args...)}
}

// Failedf makes an error with exit code 1.
func Failedf(id, hint, format string, args ...any) *Error {
	return &Error{Exit: Failed, ID: id, Hint: hint, Message: fmt.Sprintf(format, args...)}
}

// SignInf makes an error with exit code 3.
func SignInf(id, hint, format string, args ...any) *Error {
	return &Error{Exit: SignIn, ID: id, Hint: hint, Message: fmt.Sprintf(format, args...)}
}

// Refusedf makes an error with exit code 5.
func Refusedf(id, hint, format string, args ...any) *Error {
	return &Error{Exit: Refused, ID: id, Hint: hint, Message: fmt.Sprintf(format, args...)}
}

// As finds the [Error] in err's chain, or nil.
func As(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return nil
}

// CodeOf returns the exit code that err asks for: 0 for nil, 1 for an error
// that carries none. Of joined errors the worst counts, as in [Worst].
func CodeOf(err error) Code {
	switch e := err.(type) { //nolint:errorlint // walks the chain itself, branch by branch
	case nil:
		return OK
	case *Error:
		return e.Exit
	case interface{ Unwrap() []error }:
		worst := OK
		for _, branch := range e.Unwrap() {
			worst = Worst(worst, CodeOf(branch))
		}
		return worst
	default:
		if cause := errors.Unwrap(err); cause != nil {
			return CodeOf(cause)
		}
		return Failed
	}
}

// Worst returns the code that counts where several apply (cli.md, "Exit
// codes"): an unknown outcome, then a signal, then partly done, then the first
// that isn't success.
func Worst(codes ...Code) Code {
	worst := OK
	for _, c := range codes {
		if rank(c) > rank(worst) {
			worst = c
		}
	}
	return worst
}

func rank(c Code) int {
	switch c {
	case OK:
		return 0
	case Partial:
		return 2
	case Interrupted, Terminated:
		return 3
	case Unknown:
		return 4
	default:
		return 1
	}
}

// Reason is what is wrong with a file, without its path, which the message has
// already.
func Reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
