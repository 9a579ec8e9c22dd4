package auth

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// assertionLife is the longest that the auth server takes.
	assertionLife = time.Hour
	// backdate has an assertion begin a little before now: a server without any
	// leeway refuses one that begins in its future.
	backdate = time.Minute
)

// assertion signs the JWT by which a service account asks for a token (RFC 7523
// and contract, "Auth").
func (a ServiceAccount) assertion(now time.Time) (string, error) {
	key, err := rsaKey(a.PrivateKey)
	if err != nil {
		return "", err
	}
	issued := now.Add(-backdate)
	claims := jwt.MapClaims{"iss": a.ClientID, "sub": a.Account, "iat": issued.Unix(), "exp": issued.Add(assertionLife).Unix()}
	return jwt.NewWithClaims(jwt.SigningMethodRS256, claims).SignedString(key)
}
