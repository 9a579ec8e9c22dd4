package cmd_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox"
)

// pieceLength is as much of a secret as counts as a leak. Every secret of these
// tests is longer.
const pieceLength = 16

// canaries are secrets whose text is known, cut into pieces, each with the name
// of what it is a piece of.
type canaries struct {
	mu     sync.Mutex
	pieces map[string]string
}

// add takes a secret as it is, and as forms and encodings write it.
func (c *canaries) add(name, secret string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	inJSON, _ := json.Marshal(secret)
	for _, form := range []string{
		secret, url.QueryEscape(secret), string(inJSON[1 : len(inJSON)-1]),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
	} {
		for piece := range slices.Chunk([]byte(form), pieceLength) {
			if len(piece) == pieceLength {
				c.pieces[string(piece)] = name
			}
		}
	}
}

// in names the secrets that a text holds, with where.
func (c *canaries) in(text []byte) (found map[string]string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found = map[string]string{}
	for i := range max(0, len(text)-pieceLength+1) {
		if name, ok := c.pieces[string(text[i:i+pieceLength])]; ok && found[name] == "" {
			found[name] = fmt.Sprintf("%.160q", text[max(0, i-60):])
		}
	}
	return found
}

// echo is how a server answers that repeats every secret that it is sent.
type echo struct {
	from   string // "api", "write" (what acts, of the API), "auth", or empty: no answer is changed
	status int
	as     string // "json", "html", "text", or "headers"
}

func (e echo) String() string { return fmt.Sprint(e.from, e.status, e.as) }

func (e echo) takes(r *http.Request) bool {
	asked := strings.HasPrefix(r.URL.Path, sandbox.AuthPath)
	switch e.from {
	case "api":
		return !asked
	case "write":
		return !asked && r.Method != http.MethodGet
	case "auth":
		return asked && r.Method == http.MethodPost
	}
	return false
}

func (e echo) answer(w http.ResponseWriter, r *http.Request, body []byte) {
	said := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if form, err := url.ParseQuery(string(body)); said == "" && err == nil {
		for _, name := range []string{"client_secret", "assertion", "refresh_token", "token"} {
			said += form.Get(name) + " "
		}
	}
	whole := strings.TrimSpace(r.Header.Get("Authorization") + " " + said + " " + string(body))
	switch e.as {
	case "json":
		writeJSON(w, e.status, map[string]string{"code": said, "description": whole, "error": said, "error_description": whole})
		return
	case "html":
		w.Header().Set("Content-Type", "text/html")
		whole = "<html><p>" + whole + "</p></html>"
	case "text":
		w.Header().Set("Content-Type", "text/plain")
	case "headers":
		said = strings.TrimSpace(said)
		w.Header().Set("Content-Type", "text/"+said)
		w.Header().Set("X-Request-Id", said)
		w.Header().Set("WWW-Authenticate", `Bearer error="`+said+`", scope="`+said+`", error_description="`+said+`"`)
		w.Header().Set("Retry-After", said)
		w.Header().Set("Location", "https://other.example/?token="+url.QueryEscape(said))
	}
	w.WriteHeader(e.status)
	_, _ = io.WriteString(w, whole) // a client that has gone needs no answer
}

// canaryServer is a sandbox that notes every secret that it is sent or issues.
type canaryServer struct {
	*tokenServer
	*canaries
	der    []byte // of the private key
	mode   echo   // changed between commands only
	echoed atomic.Int64
}

const canarySecret = `canary+client/secret="<acme>&100%`

func newCanaryServer(t *testing.T) *canaryServer {
	t.Helper()
	s := &canaryServer{tokenServer: newTokenServer(t, 60, 0), canaries: &canaries{pieces: map[string]string{}}}
	text, err := os.ReadFile(s.key)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	s.der = block.Bytes
	s.add("private key", string(s.der)) // its base64 is the body of the PEM too
	s.add("client secret", canarySecret)
	s.Config.Handler = s
	settings := httptest.NewRequestWithContext(t.Context(), http.MethodPatch, "/sandbox/settings",
		strings.NewReader(fmt.Sprintf(`{"singleToken":false,"rateLimit":0,"tokenSeconds":8640000,"clients":{"acme-client":{"secret":%q,"serviceAccount":"acme@example.com"}}}`, canarySecret)))
	settings.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	if s.backend.ServeHTTP(w, settings); w.Code != http.StatusOK {
		t.Fatal(w.Body)
	}
	return s
}

// now is one clock for both sides; pass moves it.
func (s *canaryServer) now() time.Time {
	start, _ := time.Parse(time.RFC3339, testNow)
	return start.Add(time.Duration(s.ahead.Load()))
}

func (s *canaryServer) pass(ctx context.Context, d time.Duration) error {
	s.ahead.Add(int64(d))
	return context.Cause(ctx)
}

// ServeHTTP notes secrets, and echoes them if its mode says so.
func (s *canaryServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.add("access token", strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	if !strings.HasPrefix(r.URL.Path, sandbox.AuthPath) {
		s.reply(w, r, body)
		return
	}
	if form, err := url.ParseQuery(string(body)); err == nil {
		for _, name := range []string{"code", "code_verifier", "refresh_token", "token"} {
			s.add(name, form.Get(name))
		}
		// The signature only: the rest may read as a part of other tokens does.
		s.add("assertion", form.Get("assertion")[strings.LastIndex(form.Get("assertion"), ".")+1:])
	}
	kept := httptest.NewRecorder()
	s.reply(kept, r, body)
	var issued map[string]any
	_ = json.Unmarshal(kept.Body.Bytes(), &issued) // an echo need not be JSON
	for _, name := range []string{"access_token", "refresh_token"} {
		s.add(name, fmt.Sprint(issued[name]))
	}
	maps.Copy(w.Header(), kept.Header())
	w.WriteHeader(kept.Code)
	_, _ = w.Write(kept.Body.Bytes())
}

func (s *canaryServer) reply(w http.ResponseWriter, r *http.Request, body []byte) {
	if s.mode.takes(r) {
		s.echoed.Add(1)
		s.mode.answer(w, r, body)
		return
	}
	s.backend.ServeHTTP(w, r)
}

// echoes are the ways of failing that every command meets.
func echoes() []echo {
	all := []echo{{}}
	for _, from := range []string{"api", "write", "auth"} {
		all = append(all, echo{from, 302, "headers"}, echo{from, 400, "json"}, echo{from, 401, "json"},
			echo{from, 403, "headers"}, echo{from, 403, "text"}, echo{from, 409, "json"}, echo{from, 500, "html"}, echo{from, 500, "json"})
	}
	return all
}

// judge fails the test for each secret that a text holds.
func (s *canaryServer) judge(t *testing.T, where string, text []byte) {
	t.Helper()
	for name, at := range s.in(text) {
		t.Errorf("%s shows the %s: %s", where, name, at)
	}
}

// judgeFolder judges every file below a folder, and its name.
func (s *canaryServer) judgeFolder(t *testing.T, where, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		s.judge(t, where+": "+d.Name(), append(text, path...))
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
