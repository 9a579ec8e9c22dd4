package exit

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/worksctl/worksctl/pkg/output"
)

// Format returns err as a person reads it: `error: what failed: why` and,
// where there is one, a second line with the next command to type. It is empty
// for nil and for an error without text, which only sets the exit code.
//
// Texts from outside may hold anything, so both lines are cleaned.
func Format(err error) string {
	what, hint := texts(err)
	if what == "" {
		return ""
	}
	lines := label + " " + what + "\n"
	if hint != "" {
		lines += "hint: " + hint + "\n"
	}
	return lines
}

// FormatJSON returns err as the one-line object that goes to stderr with
// `-o json`. Every field is always present; one without a value is null. It is
// empty where [Format] is.
func FormatJSON(err error) string {
	what, hint := texts(err)
	if what == "" {
		return ""
	}
	object := jsonError{Code: "UNEXPECTED", Message: what, Hint: optional(hint), ExitCode: CodeOf(err)}
	if e := As(err); e != nil {
		if e.ID != "" {
			object.Code = output.Clean(e.ID)
		}
		object.HTTPStatus = optional(e.HTTPStatus)
		object.RequestID = optional(output.Clean(e.RequestID))
	}
	var line strings.Builder
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(map[string]jsonError{"error": object}); err != nil {
		return Format(err) // strings and numbers only: can't happen
	}
	return line.String()
}

// Report writes err to w in one of its two forms, its label painted (nil: as it
// is). An error in writing is dropped: there is nowhere left to report it, and
// the exit code still tells.
func Report(w io.Writer, err error, asJSON bool, paint func(string) string) {
	text := Format(err)
	switch rest, labeled := strings.CutPrefix(text, label); {
	case asJSON:
		text = FormatJSON(err)
	case labeled && paint != nil:
		text = paint(label) + rest
	}
	_, _ = io.WriteString(w, text)
}

const label = "error:"

type jsonError struct {
	Code       string  `json:"code"`
	Message    string  `json:"message"`
	Hint       *string `json:"hint"`
	HTTPStatus *int    `json:"httpStatus"`
	RequestID  *string `json:"requestId"`
	ExitCode   Code    `json:"exitCode"`
}

func texts(err error) (what, hint string) {
	if err == nil {
		return "", ""
	}
	if e := As(err); e != nil {
		hint = e.Hint
	}
	return output.Clean(strings.TrimSpace(err.Error())), output.Clean(strings.TrimSpace(hint))
}

func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
