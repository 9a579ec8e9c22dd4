package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/worksctl/worksctl/internal/auth"
)

func TestServiceAccountSignsIn(t *testing.T) {
	l := newLab(t, false, known(key2048()))
	got, err := l.server(0).ServiceAccount(t.Context(), serviceAccount(key2048()))
	if err != nil {
		t.Fatal(err)
	}
	if !l.alive(got.Access) || got.Scope != "security.device.read user.read" || !got.Expires.Equal(start().Add(24*time.Hour)) || got.Refresh.Reveal() == "" {
		t.Errorf("%+v", got)
	}
	if got := l.form(0, "scope"); got != "security.device.read user.read" {
		t.Errorf("scope %q", got)
	}
}

// The verifier of golang-jwt and the text of the standard judge the assertion.
func TestAssertion(t *testing.T) {
	l := newLab(t, false, known(key2048()))
	if _, err := l.server(0).ServiceAccount(t.Context(), serviceAccount(key2048())); err != nil {
		t.Fatal(err)
	}
	text := l.form(0, "assertion")
	_, err := jwt.Parse(text, func(*jwt.Token) (any, error) { return &key2048().PublicKey, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(clientID), jwt.WithSubject(account),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithTimeFunc(l.clock.Now), jwt.WithStrictDecoding())
	if err != nil {
		t.Error(err)
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	var header, claims map[string]json.RawMessage
	for i, v := range []any{&header, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, v); err != nil {
			t.Fatal(err)
		}
	}
	if fmt.Sprintf("%s", header) != `map[alg:"RS256" typ:"JWT"]` {
		t.Errorf("header %s", header)
	}
	issued := start().Unix() - 60
	if want := fmt.Sprintf(`map[exp:%d iat:%d iss:"%s" sub:"%s"]`, issued+3600, issued, clientID, account); fmt.Sprintf("%s", claims) != want {
		t.Errorf("claims %s, want %s", claims, want)
	}
}

func TestServiceAccountRefused(t *testing.T) {
	l := newLab(t, false, known(key2048()))
	other := newKey(2048)
	for _, c := range []struct {
		name, code, text, remedy string
		change                   func(*auth.ServiceAccount)
	}{
		{"another key", "invalid_grant", "the signature is wrong", "private key belong", func(a *auth.ServiceAccount) { a.PrivateKey = pkcs8(other) }},
		{"another account", "invalid_grant", "sub is not", "service account id", func(a *auth.ServiceAccount) { a.Account = "you@example.com" }},
		{"another secret", "invalid_client", "the client secret is wrong", "client secret", func(a *auth.ServiceAccount) { a.ClientSecret = secretOf("canary-old") }},
		{"unknown scope", "invalid_scope", "security.phone", "scopes", func(a *auth.ServiceAccount) { a.Scopes = []string{"security.phone"} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := serviceAccount(key2048())
			c.change(&a)
			_, err := l.server(0).ServiceAccount(t.Context(), a)
			e, ok := errors.AsType[*auth.Error](err)
			if !ok || e.Code != c.code || !e.Refused() || !strings.Contains(err.Error(), c.text) || !strings.Contains(e.Remedy(), c.remedy) {
				t.Errorf("%v", err)
			}
			if _, skewed := errors.AsType[*auth.SkewError](err); skewed {
				t.Error("the clock is blamed")
			}
			clean(t, err, l.form(l.renewals()-1, "assertion"))
		})
	}
}

func TestSkewOfTheClock(t *testing.T) {
	l := newLab(t, true, known(key2048()))
	_, err := l.server(10*time.Minute).ServiceAccount(t.Context(), serviceAccount(key2048()))
	e, ok := errors.AsType[*auth.SkewError](err)
	if !ok || e.Skew != 10*time.Minute || !strings.Contains(err.Error(), "10m0s ahead of the auth server's") {
		t.Errorf("ahead: %v", err)
	}
	if refusal, ok := errors.AsType[*auth.Error](err); !ok || refusal.Code != "invalid_grant" {
		t.Errorf("the refusal is lost: %v", err)
	}
	clean(t, err, l.form(0, "assertion"))
	a := serviceAccount(key2048())
	a.ClientSecret = secretOf("canary-old")
	_, err = l.server(10*time.Minute).ServiceAccount(t.Context(), a)
	if _, ok := errors.AsType[*auth.SkewError](err); ok {
		t.Errorf("a wrong secret is blamed on the clock: %v", err)
	}

	strict := jsonAnswer(http.StatusBadRequest, `{"error":"invalid_grant"}`, "Date", start().Add(10*time.Minute).Format(http.TimeFormat))
	s, _ := scripted(t, strict)
	_, err = s.ServiceAccount(t.Context(), serviceAccount(key2048()))
	if e, ok := errors.AsType[*auth.SkewError](err); !ok || e.Skew != -10*time.Minute || !strings.Contains(err.Error(), "10m0s behind the auth server's") {
		t.Errorf("behind: %v", err)
	}
	_, err = refresh(t, s)
	if _, ok := errors.AsType[*auth.SkewError](err); ok {
		t.Errorf("a refresh token has nothing to do with the clock: %v", err)
	}
	cached := jsonAnswer(http.StatusBadRequest, `{"error":"invalid_grant"}`, "Date", start().Add(-10*time.Minute).Format(http.TimeFormat), "Age", "600")
	s, _ = scripted(t, cached)
	_, err = s.ServiceAccount(t.Context(), serviceAccount(key2048()))
	if _, ok := errors.AsType[*auth.SkewError](err); ok {
		t.Errorf("an old answer tells the time: %v", err)
	}

	for _, ahead := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute} {
		if got, err := l.server(ahead).Skew(t.Context()); err != nil || got != ahead {
			t.Errorf("%v ahead: %v, %v", ahead, got, err)
		}
	}
}
