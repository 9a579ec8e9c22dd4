package config_test

import (
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
)

func TestCheckURL(t *testing.T) {
	good := map[string]string{
		"https://www.worksapis.com/v1.0":   "https://www.worksapis.com/v1.0",
		"https://gateway.example.com:8/a/": "https://gateway.example.com:8/a",
		"http://127.0.0.1:8080":            "http://127.0.0.1:8080",
		"http://127.9.8.7/":                "http://127.9.8.7",
		"http://[::1]:8080/v1.0":           "http://[::1]:8080/v1.0",
		"http://localhost:1":               "http://localhost:1",
		"HTTP://LocalHost":                 "HTTP://LocalHost",
	}
	for raw, want := range good {
		if got, err := config.CheckURL("api_url", raw); err != nil || got != want {
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
		got, err := config.CheckURL("api_url of acme", raw)
		if exit.CodeOf(err) != exit.Usage || got != "" {
			t.Errorf("%q accepted as %q, %v", raw, got, err)
			continue
		}
		if !strings.HasPrefix(err.Error(), "api_url of acme ") || !strings.Contains(err.Error(), "https") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: message %q", raw, err)
		}
	}
}
