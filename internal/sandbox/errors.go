package sandbox

import (
	"fmt"
	"net/http"
)

// apiError is a refusal in the contract's words: status, code, description.
// Returned from an update, it also undoes what the request did so far.
type apiError struct {
	status      int
	code        string
	description string
	header      http.Header
}

func (e *apiError) Error() string { return e.code + ": " + e.description }

func refuse(status int, code, format string, args ...any) *apiError {
	return &apiError{status: status, code: code, description: fmt.Sprintf(format, args...)}
}

func errInvalid(format string, args ...any) *apiError {
	return refuse(http.StatusBadRequest, "INVALID_PARAMETER", format, args...)
}

func errMissing(name string) *apiError {
	return refuse(http.StatusBadRequest, "MISSING_PARAMETER", "%s is required", name)
}

func errOutOfRange(format string, args ...any) *apiError {
	return refuse(http.StatusBadRequest, "OUT_OF_RANGE", format, args...)
}

func errForbidden(format string, args ...any) *apiError {
	return refuse(http.StatusForbidden, "FORBIDDEN", format, args...)
}

func errNoDevice(id string) *apiError {
	return refuse(http.StatusNotFound, "DEVICE_NOT_EXIST", "device %q does not exist", id)
}

func errUnauthorized(format string, args ...any) *apiError {
	e := refuse(http.StatusUnauthorized, "UNAUTHORIZED", format, args...)
	e.header = http.Header{"Www-Authenticate": {`Bearer realm="sandbox", error="invalid_token"`}}
	return e
}
