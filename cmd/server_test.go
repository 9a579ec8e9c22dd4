package cmd_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
	"github.com/worksctl/worksctl/internal/wiretest"
)

// startServer is the script command
//
//	server [devices=N] [seed=N] [settings=JSON] [fault=JSON]... [scopes=S,S] [rows=FILE] [client=NAME] [ahead=SPAN]
//
// client=NAME registers the app NAME-client with the secret NAME-canary-secret
// and the service account NAME.serviceaccount@example.com, whose public key is in
// NAME.pub (see [makeKey]). ahead=10m has the server's clock run ahead.
//
// It serves a sandbox in memory on loopback and points WORKSCTL_API_URL,
// WORKSCTL_AUTH_URL and WORKSCTL_TOKEN to it. With rows it serves the devices
// of that file instead, whatever is asked for. Every request and every answer
// is judged by docs/openapi.yaml.
func startServer(v *wiretest.V, ts *testscript.TestScript, args []string) {
	now, err := time.Parse(time.RFC3339, testNow)
	ts.Check(err)
	o := sandbox.Options{Now: func() time.Time { return now }}
	clients := map[string]sandbox.Client{}
	var scopes []string
	var serve http.Handler
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "devices":
			o.Seed.Devices, err = strconv.Atoi(value)
		case "seed":
			o.Seed.Seed, err = strconv.ParseUint(value, 10, 64)
		case "settings":
			err = json.Unmarshal([]byte(value), &sandbox.Settings{})
			o.Settings = func(s *sandbox.Settings) { _ = json.Unmarshal([]byte(value), s) }
		case "fault":
			var f sandbox.Fault
			err = json.Unmarshal([]byte(value), &f)
			o.Faults = append(o.Faults, f)
		case "scopes":
			scopes = strings.Split(value, ",")
		case "client":
			clients[value+"-client"] = sandbox.Client{
				Secret: value + "-canary-secret", ServiceAccount: value + ".serviceaccount@example.com", PublicKey: ts.ReadFile(value + ".pub"),
			}
		case "ahead":
			var span time.Duration
			span, err = time.ParseDuration(value)
			now = now.Add(span)
		case "rows":
			serve, err = newRows([]byte(ts.ReadFile(value)))
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
	if change := o.Settings; len(clients) > 0 {
		o.Settings = func(s *sandbox.Settings) {
			if s.Clients = clients; change != nil {
				change(s)
			}
		}
	}
	backend, err := sandbox.Open(o)
	ts.Check(err)
	if serve == nil {
		serve = backend
	}
	n := ts.Value(counterKey{}).(*counter)
	n.backend = backend
	server := httptest.NewServer(n.count(v.Handler(serve)))
	ts.Defer(server.Close)
	token, err := backend.AccessToken(context.Background(), scopes...)
	ts.Check(err)
	ts.Setenv("WORKSCTL_API_URL", server.URL+sandbox.APIPath)
	ts.Setenv("WORKSCTL_AUTH_URL", server.URL+sandbox.AuthPath)
	ts.Setenv("WORKSCTL_TOKEN", token)
}

// counter counts the requests that a script's servers were sent.
type counter struct {
	n       atomic.Int64
	backend http.Handler // of the latest server, for what is done behind worksctl's back
}

type counterKey struct{}

func (c *counter) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.n.Add(1)
		next.ServeHTTP(w, r)
	})
}

// requests is the script command
//
//	requests [N]
//
// It checks how many requests the servers were sent since it was last used.
func requests(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: requests [N]")
	}
	got := strconv.FormatInt(ts.Value(counterKey{}).(*counter).n.Swap(0), 10)
	if len(args) == 1 && got != args[0] {
		ts.Fatalf("%s requests, want %s", got, args[0])
	}
}

// stats is the script command
//
//	stats ACTION N
//
// It checks how often the latest server has really done something: notify,
// wipe, reset, cancel and so on, for all devices together.
func stats(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: stats ACTION N")
	}
	var done map[string]map[string]int
	ts.Check(json.Unmarshal(administer(ts, http.MethodGet, "stats", ""), &done))
	total := 0
	for _, n := range done[args[0]] {
		total += n
	}
	if strconv.Itoa(total) != args[1] {
		ts.Fatalf("%s was done %d times, to %d devices, want %s", args[0], total, len(done[args[0]]), args[1])
	}
}

// control is the script command
//
//	control [METHOD] PATH [JSON]
//
// It sends a request, POST unless said otherwise, to /sandbox/PATH of the
// latest server: see docs/sandbox.md.
func control(ts *testscript.TestScript, neg bool, args []string) {
	method := http.MethodPost
	if len(args) > 0 && strings.ToUpper(args[0]) == args[0] {
		method, args = args[0], args[1:]
	}
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: control [METHOD] PATH [JSON]")
	}
	administer(ts, method, args[0], strings.Join(args[1:], ""))
}

func administer(ts *testscript.TestScript, method, path, body string) []byte {
	r := httptest.NewRequestWithContext(context.Background(), method, "/sandbox/"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	ts.Value(counterKey{}).(*counter).backend.ServeHTTP(w, r)
	if w.Code >= http.StatusMultipleChoices {
		ts.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Body.Bytes()
}

// isNotice reports whether text is what cli.md says of errors: one line, and
// where there is one a second line with the next command to type; or all of it
// as JSON.
func isNotice(text string) bool {
	return regexp.MustCompile(`\A(error: [^\n]+\n(hint: [^\n]+\n)?|\{"error":\{[^\n]+\}\}\n)\z`).MatchString(text)
}

// rows is a back end with the devices that it was given. It knows no filter.
type rows struct {
	devices []json.RawMessage
	byID    map[string]json.RawMessage
}

func newRows(text []byte) (http.Handler, error) {
	r := &rows{byID: map[string]json.RawMessage{}}
	if err := json.Unmarshal(text, &r.devices); err != nil {
		return nil, err
	}
	for _, d := range r.devices {
		var is struct{ DeviceID string }
		if err := json.Unmarshal(d, &is); err != nil {
			return nil, err
		}
		r.byID[is.DeviceID] = d
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+sandbox.APIPath+"/security/devices", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"devices": r.devices})
	})
	mux.HandleFunc("GET "+sandbox.APIPath+"/security/devices/{id}", func(w http.ResponseWriter, q *http.Request) {
		if d, ok := r.byID[q.PathValue("id")]; ok {
			writeJSON(w, http.StatusOK, d)
			return
		}
		writeJSON(w, http.StatusNotFound, map[string]string{"code": "DEVICE_NOT_EXIST", "description": "no such device"})
	})
	return mux, nil
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that has gone needs no answer
}
