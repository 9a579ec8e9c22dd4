package foreignserver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/npm"
)

const (
	answerLimit = 30 * time.Second
	endLimit    = 5 * time.Second
)

// Client is an app that is registered at the server, with its service account.
type Client struct {
	ID        string   `json:"id"`
	Secret    string   `json:"secret"`
	Account   string   `json:"account"`   // id of the service account
	PublicKey string   `json:"publicKey"` // of the service account, in PEM
	Scopes    []string `json:"scopes"`    // that it may ask for
}

// Options are what a server begins with. All are required.
type Options struct {
	Now       time.Time     // the server's clock, which stands still until SetTime
	TokenLife time.Duration // of an access token; whole seconds
	Clients   []Client
}

// Server is a server under way. Its methods fail the test.
type Server struct {
	URL string // what worksctl calls auth_url

	t   *testing.T
	in  io.Writer
	out *bufio.Reader
	end func()
}

// Start starts the server that [Install] has put into a folder. It ends with the
// test, even with one that is killed.
func Start(t *testing.T, folder string, o Options) *Server {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	c := exec.CommandContext(ctx, npm.Node, "server.mjs")
	c.Dir, c.WaitDelay = folder, endLimit
	var talk bytes.Buffer
	c.Stderr = &talk
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Cancel = in.Close // its end; WaitDelay is for one that does not listen
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = c.Wait()
		if t.Failed() {
			t.Logf("the server said:\n%s", talk.String())
		}
	})
	s := &Server{t: t, in: in, out: bufio.NewReader(out), end: cancel}
	var started struct{ URL string }
	s.tell(map[string]any{"now": o.Now.UnixMilli(), "tokenSeconds": int(o.TokenLife.Seconds()), "clients": o.Clients}, &started)
	s.URL = started.URL
	return s
}

// SetTime sets the server's clock.
func (s *Server) SetTime(now time.Time) {
	s.t.Helper()
	s.tell(map[string]any{"now": now.UnixMilli()}, &struct{}{})
}

// tell says a line to the server and reads its answer.
func (s *Server) tell(what, answer any) {
	s.t.Helper()
	defer time.AfterFunc(answerLimit, s.end).Stop()
	line, err := json.Marshal(what)
	if err == nil {
		_, err = fmt.Fprintf(s.in, "%s\n", line)
	}
	if err == nil {
		line, err = s.out.ReadBytes('\n')
	}
	if err == nil {
		err = json.Unmarshal(line, answer)
	}
	if err != nil {
		s.t.Fatalf("the server does not answer: %v", err)
	}
}

// Introspection is what the server says of a token (RFC 7662).
type Introspection struct {
	Active  bool   `json:"active"`
	Scope   string `json:"scope"`
	Subject string `json:"sub"`
}

// Introspect asks about a token of a client.
func (s *Server) Introspect(c Client, token string) (i Introspection) {
	s.t.Helper()
	status, body := s.post("/introspect", c, url.Values{"token": {token}})
	if err := json.Unmarshal(body, &i); status != http.StatusOK || err != nil {
		s.t.Errorf("introspection: %d %s", status, body)
	}
	return i
}

// Revoke ends a token of a client from elsewhere (RFC 7009).
func (s *Server) Revoke(c Client, token string) {
	s.t.Helper()
	if status, body := s.post("/revoke", c, url.Values{"token": {token}}); status != http.StatusOK {
		s.t.Errorf("revocation: %d %s", status, body)
	}
}

func (s *Server) post(path string, c Client, form url.Values) (status int, body []byte) {
	s.t.Helper()
	form.Set("client_id", c.ID)
	form.Set("client_secret", c.Secret)
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Error(err)
		return 0, nil
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Error(err)
		return 0, nil
	}
	defer resp.Body.Close()
	if body, err = io.ReadAll(resp.Body); err != nil {
		s.t.Error(err)
	}
	return resp.StatusCode, body
}
