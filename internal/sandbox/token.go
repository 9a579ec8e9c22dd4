package sandbox

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// The built-in client, which needs no sign-in: its refresh token is good for
// access tokens with all scopes, in every sandbox. They are no secrets.
const (
	BuiltInClientID     = "worksctl-sandbox"
	BuiltInClientSecret = "worksctl-sandbox-secret"
	BuiltInRefreshToken = "worksctl-sandbox-refresh"
)

const builtInSubject = "admin.serviceaccount@sandbox.example"

// Scopes are all scopes that the sandbox knows.
func Scopes() []string {
	return []string{"security.device", "security.device.read", "user", "user.read", "directory", "directory.read",
		"bot", "bot.message", "audit.read"}
}

// claims are the content of the sandbox's tokens, which are signed and not
// stored, so that every process on the store can check them.
type claims struct {
	ID      string   `json:"jti"`
	Kind    string   `json:"kind"`
	Client  string   `json:"client"`
	Subject string   `json:"sub"`
	Scopes  []string `json:"scopes"`
	Expires int64    `json:"exp"`

	// Of a code.
	Return    string `json:"redirectUri,omitempty"`
	Challenge string `json:"challenge,omitempty"`
}

const (
	kindAccess  = "access"
	kindRefresh = "refresh"
	kindCode    = "code"
)

func (st *state) sign(c claims) string {
	data, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and numbers only
	}
	body := base64.RawURLEncoding.EncodeToString(data)
	return body + "." + base64.RawURLEncoding.EncodeToString(st.mac(body))
}

func (st *state) mac(body string) []byte {
	h := hmac.New(sha256.New, st.TokenKey)
	h.Write([]byte(body))
	return h.Sum(nil)
}

// open reads a token of one kind and checks its signature, life and whether it
// was revoked.
func (st *state) open(tx Tx, token, kind string, now time.Time) (claims, error) {
	var c claims
	body, sum, _ := strings.Cut(token, ".")
	mac, err := base64.RawURLEncoding.DecodeString(sum)
	if err != nil || !hmac.Equal(mac, st.mac(body)) {
		return c, fmt.Errorf("the %s token is unknown", kind)
	}
	data, err := base64.RawURLEncoding.DecodeString(body)
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	switch {
	case err != nil || c.Kind != kind:
		return c, fmt.Errorf("the token is not an %s token", kind)
	case now.Unix() >= c.Expires:
		return c, fmt.Errorf("the %s token has expired", kind)
	case tx.Get(bucketTokens, "ended/"+c.ID) != nil:
		return c, fmt.Errorf("the %s token was revoked", kind)
	}
	if newest := tx.Get(bucketTokens, newestKey(c)); kind == kindAccess && st.Settings.SingleToken && newest != nil && string(newest) != c.ID {
		return c, fmt.Errorf("the access token was replaced by a newer one")
	}
	return c, nil
}

func newestKey(c claims) string { return "newest/" + c.Client + "/" + c.Subject }

func (st *state) newClaims(kind, client, subject string, scopes []string, now time.Time, life time.Duration) claims {
	return claims{ID: uuid.NewString(), Kind: kind, Client: client, Subject: subject,
		Scopes: slices.Clone(scopes), Expires: now.Add(life).Unix()}
}

func (st *state) tokenLife() time.Duration {
	return time.Duration(st.Settings.TokenSeconds) * time.Second
}

// AccessToken returns a token for the given scopes, all scopes when none are
// named, as a sign-in of the built-in client would.
func (b *Backend) AccessToken(ctx context.Context, scopes ...string) (token string, err error) {
	if len(scopes) == 0 {
		scopes = Scopes()
	}
	err = b.opt.Store.View(ctx, func(tx Tx) error {
		st, err := loadState(tx)
		if err == nil {
			token = st.sign(st.newClaims(kindAccess, BuiltInClientID, builtInSubject, scopes, b.opt.Now(), st.tokenLife()))
		}
		return err
	})
	return token, err
}
