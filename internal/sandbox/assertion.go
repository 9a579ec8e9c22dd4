package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/url"
	"strings"
)

// assertionGrant checks the JWT of a service account: always its structure and
// claims, its signature where the client's public key is known.
func (c *call) assertionGrant(form url.Values) (claims, error) {
	scopes, err := parseScopes(form.Get("scope"))
	if err != nil {
		return claims{}, err
	}
	client := c.client(form.Get("client_id"))
	subject, err := c.checkAssertion(form.Get("assertion"), form.Get("client_id"), client)
	if err != nil {
		return claims{}, errAuth("invalid_grant", "the assertion is refused: "+err.Error())
	}
	return claims{Client: form.Get("client_id"), Subject: subject, Scopes: scopes}, nil
}

func (c *call) checkAssertion(jwt, clientID string, client Client) (subject string, err error) {
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		return "", errors.New("it does not have three parts")
	}
	var header struct{ Alg, Typ string }
	var body struct {
		Iss, Sub string
		Iat, Exp json.Number
	}
	if err := decodePart(parts[0], &header); err != nil {
		return "", err
	}
	if err := decodePart(parts[1], &body); err != nil {
		return "", err
	}
	issued, err1 := body.Iat.Int64()
	expires, err2 := body.Exp.Int64()
	now := c.realNow().Unix()
	const leeway = 300 // seconds that two clocks may differ by
	switch {
	case header.Alg != "RS256" || header.Typ != "JWT":
		return "", errors.New(`the header must be {"alg":"RS256","typ":"JWT"}`)
	case body.Iss != clientID:
		return "", errors.New("iss is not the client id")
	case body.Sub == "" || client.ServiceAccount != "" && body.Sub != client.ServiceAccount:
		return "", errors.New("sub is not a service account of the client")
	case err1 != nil || err2 != nil:
		return "", errors.New("iat and exp must be whole numbers")
	case expires > issued+3600 || expires <= issued:
		return "", errors.New("exp must be at most an hour after iat")
	case issued > now+leeway || expires <= now-leeway:
		return "", errors.New("it is not valid now; check the clock")
	}
	return body.Sub, checkSignature(parts, client.PublicKey)
}

// decodePart reads a part of a JWT; numbers written as texts are refused.
func decodePart(part string, v any) error {
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return errors.New("a part is not base64url without padding")
	}
	var raw map[string]json.RawMessage
	if json.Unmarshal(data, &raw) != nil || json.Unmarshal(data, v) != nil {
		return errors.New("a part is not the JSON object that is expected")
	}
	for _, name := range []string{"iat", "exp"} {
		if strings.HasPrefix(string(raw[name]), `"`) {
			return errors.New(name + " must be a JSON number")
		}
	}
	return nil
}

func checkSignature(parts []string, publicKey string) error {
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || len(signature) == 0 {
		return errors.New("the signature is not base64url without padding")
	}
	if publicKey == "" {
		return nil
	}
	block, _ := pem.Decode([]byte(publicKey))
	if block == nil {
		return errors.New("the client's public key is not PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return errors.New("the client's public key can't be read")
	}
	pub, ok := key.(*rsa.PublicKey)
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ok || rsa.VerifyPKCS1v15(pub, crypto.SHA256, sum[:], signature) != nil {
		return errors.New("the signature is wrong")
	}
	return nil
}
