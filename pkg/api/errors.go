package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The sentinels that [errors.Is] finds in an [*Error]; several may hold at once.
var (
	ErrUnauthorized     = errors.New("not signed in")                           // 401
	ErrForbidden        = errors.New("forbidden")                               // any 403
	ErrMissingScope     = errors.New("the token lacks a scope")                 // 403 FORBIDDEN of the contract, or insufficient_scope
	ErrPlanNotSupported = errors.New("the plan does not include this area")     // 403 PLAN_NOT_SUPPORTED (R9)
	ErrMDMNotInUse      = errors.New("NAVER WORKS MDM is not in use")           // 403 MDM_NOT_IN_USE (R16)
	ErrNotFound         = errors.New("not found")                               // any 404
	ErrNoDeviceAPI      = errors.New("the server has no device API")            // 404 for a whole resource of the device API, such as /security/devices
	ErrConflict         = errors.New("conflict")                                // any 409
	ErrNotRegistered    = errors.New("the device is not under management")      // 409 DEVICE_NOT_REGISTERED (R16, R22)
	ErrCommandPending   = errors.New("a command is pending already")            // 409 COMMAND_ALREADY_EXIST
	ErrCommandDelivered = errors.New("the command was delivered already")       // 409 COMMAND_ALREADY_DELIVERED
	ErrExternalMDM      = errors.New("a third-party MDM is in use")             // 409 EXTERNAL_MDM_IN_USE (R21)
	ErrInvalidParameter = errors.New("invalid parameter")                       // 400 INVALID_PARAMETER
	ErrLimitExceeded    = errors.New("over a limit of the back end")            // 400 LIMIT_EXCEEDED
	ErrCountRefused     = errors.New("the page size was refused")               // 400 OUT_OF_RANGE
	ErrRateLimited      = errors.New("rate limited")                            // 429
	ErrServer           = errors.New("the server failed")                       // any 5xx
	ErrRedirected       = errors.New("redirected, which this request must not") // any 3xx that isn't followed
)

// Error is an answer of the back end that refuses a request.
type Error struct {
	Op          string // what was asked, for example "list devices"
	Method      string
	Path        string        // escaped, below the base URL; without the query
	Status      int           // the HTTP status
	Code        string        // for example DEVICE_NOT_EXIST; empty when the body has none
	Description string        // the back end's own words; may be empty
	RequestID   string        // from X-Request-Id or the like; may be empty
	Scope       string        // the scope that WWW-Authenticate asks for; may be empty
	RetryAfter  time.Duration // how long the back end asks to wait; 0 when it doesn't

	insufficientScope bool
	told              bool // Retry-After was sent
	coded             bool // the body is that of the contract
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d", e.Op, e.Status)
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	} else if t := http.StatusText(e.Status); t != "" {
		b.WriteString(" " + t)
	}
	if e.Description != "" {
		b.WriteString(": " + e.Description)
	}
	if e.Scope != "" {
		b.WriteString(" (needs scope " + e.Scope + ")")
	}
	return b.String()
}

// Is reports whether the answer is of the kind that target names.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden
	case ErrMissingScope:
		return e.missingScope()
	case ErrPlanNotSupported:
		return e.is(http.StatusForbidden, "PLAN_NOT_SUPPORTED")
	case ErrMDMNotInUse:
		return e.is(http.StatusForbidden, "MDM_NOT_IN_USE")
	case ErrNotFound:
		return e.Status == http.StatusNotFound
	case ErrNoDeviceAPI:
		return e.Status == http.StatusNotFound && (strings.HasSuffix(e.Path, pathDevices) || strings.HasSuffix(e.Path, pathAppVersions))
	case ErrConflict:
		return e.Status == http.StatusConflict
	case ErrNotRegistered:
		return e.is(http.StatusConflict, "DEVICE_NOT_REGISTERED")
	case ErrCommandPending:
		return e.is(http.StatusConflict, "COMMAND_ALREADY_EXIST")
	case ErrCommandDelivered:
		return e.is(http.StatusConflict, "COMMAND_ALREADY_DELIVERED")
	case ErrExternalMDM:
		return e.is(http.StatusConflict, "EXTERNAL_MDM_IN_USE")
	case ErrInvalidParameter:
		return e.is(http.StatusBadRequest, "INVALID_PARAMETER")
	case ErrLimitExceeded:
		return e.is(http.StatusBadRequest, "LIMIT_EXCEEDED")
	case ErrCountRefused:
		return e.is(http.StatusBadRequest, "OUT_OF_RANGE")
	case ErrRateLimited:
		return e.Status == http.StatusTooManyRequests
	case ErrServer:
		return e.Status >= 500
	case ErrRedirected:
		return e.Status >= 300 && e.Status < 400
	}
	return false
}

func (e *Error) is(status int, code string) bool { return e.Status == status && e.Code == code }

// missingScope follows the contract, where FORBIDDEN means a missing scope,
// and RFC 6750 elsewhere: a published endpoint says FORBIDDEN for more.
func (e *Error) missingScope() bool {
	return e.insufficientScope ||
		e.is(http.StatusForbidden, "FORBIDDEN") && strings.Contains(e.Path, "/security/")
}
