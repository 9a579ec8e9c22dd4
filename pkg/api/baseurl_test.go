package api_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/pkg/api"
)

func TestParseBaseURL(t *testing.T) {
	good := map[string]string{
		"https://www.worksapis.com/v1.0":   "https://www.worksapis.com/v1.0",
		"https://gateway.example.com:8/a/": "https://gateway.example.com:8/a",
		"http://127.0.0.1:8080":            "http://127.0.0.1:8080",
		"http://127.9.8.7/":                "http://127.9.8.7",
		"http://[::1]:8080/v1.0":           "http://[::1]:8080/v1.0",
		"http://localhost:1":               "http://localhost:1",
		"HTTP://LocalHost":                 "http://LocalHost",
	}
	for raw, want := range good {
		if got, err := api.ParseBaseURL(raw); err != nil || got.String() != want {
			t.Errorf("%s: got %q, %v", raw, got, err)
		}
	}
	bad := []string{
		"", "x", "/v1.0", "example.com", "ftp://example.com", "https://", "https:example.com", "https:///path",
		"http://example.com", "http://10.0.0.1", "http://0.0.0.0", "http://128.0.0.1", "http://127.1", "http://2130706433",
		"http://[::2]", "http://[::ffff:127.0.0.1]", "http://[::1%25lo]", "http://localhost.example.com", "http://localhost.", "http://127.0.0.1.example.com",
		"http://127.0.0.1@example.com", "https://user@example.com", "https://me:hunter2@example.com", "https://x/?a=b", "https://x/?", "https://x/#f", "https://x#",
		"https://x\n", "https://x:y:hunter2@z", "https://a b",
	}
	for _, raw := range bad {
		got, err := api.ParseBaseURL(raw)
		if _, ok := errors.AsType[*api.BaseURLError](err); !ok || got != nil {
			t.Errorf("%q accepted as %v, %v", raw, got, err)
			continue
		}
		if !strings.Contains(err.Error(), "https") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: message %q", raw, err)
		}
	}
}
