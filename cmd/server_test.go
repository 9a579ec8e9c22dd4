package cmd_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
	"github.com/worksctl/worksctl/internal/wiretest"
)

// startServer is the script command
//
//	server [devices=N] [seed=N] [settings=JSON] [fault=JSON]...
//
// It serves a sandbox in memory on loopback and points WORKSCTL_API_URL,
// WORKSCTL_AUTH_URL and WORKSCTL_TOKEN to it. Every request and every answer
// is judged by docs/openapi.yaml.
func startServer(v *wiretest.V, ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("unsupported: ! server")
	}
	now, err := time.Parse(time.RFC3339, testNow)
	ts.Check(err)
	o := sandbox.Options{Now: func() time.Time { return now }}
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "devices":
			o.Seed.Devices, err = strconv.Atoi(value)
		case "seed":
			o.Seed.Seed, err = strconv.ParseUint(value, 10, 64)
		case "settings":
			o.Settings = func(s *sandbox.Settings) { err = json.Unmarshal([]byte(value), s) }
			o.Settings(&sandbox.Settings{})
		case "fault":
			var f sandbox.Fault
			err = json.Unmarshal([]byte(value), &f)
			o.Faults = append(o.Faults, f)
		default:
			ts.Fatalf("server: unknown %q", arg)
		}
		if err != nil {
			ts.Fatalf("server: %s: %v", arg, err)
		}
	}
	if o.Seed == (seed.Options{}) {
		o.Seed.Devices = 250
	}
	backend, err := sandbox.Open(o)
	ts.Check(err)
	server := httptest.NewServer(v.Handler(backend))
	ts.Defer(server.Close)
	token, err := backend.AccessToken(context.Background())
	ts.Check(err)
	ts.Setenv("WORKSCTL_API_URL", server.URL+sandbox.APIPath)
	ts.Setenv("WORKSCTL_AUTH_URL", server.URL+sandbox.AuthPath)
	ts.Setenv("WORKSCTL_TOKEN", token)
}
