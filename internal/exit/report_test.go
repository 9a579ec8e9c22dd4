package exit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/exit"
)

func TestReport(t *testing.T) {
	refused := &exit.Error{
		Exit: exit.SignIn, ID: "UNAUTHORIZED", Message: "listing devices: the token was refused",
		Hint: "worksctl auth login", HTTPStatus: 401, RequestID: "r-1",
	}
	tests := []struct {
		name       string
		err        error
		text, json string
	}{
		{"nil", nil, "", ""},
		{"only a code", &exit.Error{Exit: exit.Failed}, "", ""},
		{
			"plain", errors.New("disk full"),
			"error: disk full\n",
			`{"error":{"code":"UNEXPECTED","message":"disk full","hint":null,"httpStatus":null,"requestId":null,"exitCode":1}}` + "\n",
		},
		{
			"with hint and answer", refused,
			"error: listing devices: the token was refused\nhint: worksctl auth login\n",
			`{"error":{"code":"UNAUTHORIZED","message":"listing devices: the token was refused","hint":"worksctl auth login",` +
				`"httpStatus":401,"requestId":"r-1","exitCode":3}}` + "\n",
		},
		{
			"wrapped keeps the whole text", fmt.Errorf("export: %w", refused),
			"error: export: listing devices: the token was refused\nhint: worksctl auth login\n",
			`{"error":{"code":"UNAUTHORIZED","message":"export: listing devices: the token was refused","hint":"worksctl auth login",` +
				`"httpStatus":401,"requestId":"r-1","exitCode":3}}` + "\n",
		},
		{
			"quotes and markup stay readable", exit.Usagef("BAD_FILTER", "", `--os "<x>" & more`),
			`error: --os "<x>" & more` + "\n",
			`{"error":{"code":"BAD_FILTER","message":"--os \"<x>\" & more","hint":null,"httpStatus":null,"requestId":null,"exitCode":2}}` + "\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var text, object strings.Builder
			exit.Report(&text, tt.err, false, nil)
			exit.Report(&object, tt.err, true, nil)
			if diff := cmp.Diff(tt.text, text.String()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.json, object.String()); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever a server or a device puts into a text, the report keeps its number
// of lines and holds no control character.
func TestReportIsHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anything := rapid.OneOf(rapid.String(), rapid.Just("a\nerror: b\x1b]0;owned\x07\u202e\xff"))
		err := &exit.Error{
			Exit: exit.Failed, ID: "X", Message: "m" + anything.Draw(t, "message"),
			Hint: "h" + anything.Draw(t, "hint"), RequestID: anything.Draw(t, "requestID"),
		}
		if got := strings.Count(exit.Format(err), "\n"); got != 2 {
			t.Errorf("%d lines: %q", got, exit.Format(err))
		}
		line := exit.FormatJSON(err)
		if strings.Count(line, "\n") != 1 || !json.Valid([]byte(line)) {
			t.Errorf("not one line of JSON: %q", line)
		}
		for _, text := range []string{exit.Format(err), line} {
			if at := strings.IndexFunc(strings.ReplaceAll(text, "\n", ""), isControl); at >= 0 {
				t.Errorf("control character at %d of %q", at, text)
			}
		}
	})
}

func isControl(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
