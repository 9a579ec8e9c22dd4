package standin

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// checkAssertion judges the JWT of a service account: RS256, base64url without
// padding, times as numbers, and a life of at most an hour.
func checkAssertion(assertion, client string, app App, now time.Time) error {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return errors.New("the assertion is no JWT")
	}
	var header struct{ Alg, Typ string }
	var claims struct {
		Iss, Sub string
		Iat, Exp int64
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err := errors.Join(err, decodePart(parts[0], &header), decodePart(parts[1], &claims)); err != nil {
		return errors.New("the assertion can't be read")
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	const skew = 60
	switch {
	case header.Alg != "RS256" || header.Typ != "JWT":
		return errors.New("the assertion's header is not that of RS256")
	case app.Key == nil || rsa.VerifyPKCS1v15(app.Key, crypto.SHA256, sum[:], signature) != nil:
		return errors.New("the assertion's signature is wrong")
	case claims.Iss != client || claims.Sub != app.ServiceAccount:
		return errors.New("the assertion is of another app or account")
	case claims.Exp > claims.Iat+3600:
		return errors.New("the assertion's life is over an hour")
	case claims.Iat > now.Unix()+skew || claims.Exp <= now.Unix():
		return errors.New("the assertion is not valid now")
	}
	return nil
}

func decodePart(part string, v any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
