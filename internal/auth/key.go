package auth

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
)

// minKeyBits is the shortest key that RS256 allows (RFC 7518, section 3.3).
const minKeyBits = 2048

// ParsePrivateKey reads the private key file of a service account: PEM with one
// RSA key of at least 2048 bits, PKCS#8 or PKCS#1, not encrypted. Certificates
// beside it don't count. It returns the key as PKCS#8 DER, which fits into every
// keyring. The error is a [*KeyError] and holds nothing of the text.
func ParsePrivateKey(text []byte) (der []byte, err error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	blocks := pemBlocks(text)
	if len(blocks) == 0 {
		return nil, notPEM(text)
	}
	if len(blocks) < bytes.Count(text, []byte("-----BEGIN ")) {
		return nil, &KeyError{"the PEM text is damaged or cut off", "copy the file anew from where it was downloaded"}
	}
	var keys []*pem.Block
	for _, b := range blocks {
		if strings.HasSuffix(b.Type, "PRIVATE KEY") {
			keys = append(keys, b)
		}
	}
	switch len(keys) {
	case 0:
		return nil, noPrivateKey(blocks[0])
	case 1:
	default:
		return nil, &KeyError{fmt.Sprintf("the file holds %d private keys", len(keys)), "leave only the one of the service account in it"}
	}
	if err := wrongLabel(keys[0]); err != nil {
		return nil, err
	}
	key, err := rsaKey(keys[0].Bytes)
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

// rsaKey reads DER by what it is, whatever its label says.
func rsaKey(der []byte) (*rsa.PrivateKey, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		key, err = x509.ParsePKCS1PrivateKey(der)
	}
	if err != nil {
		key, err = x509.ParseECPrivateKey(der)
	}
	if err != nil {
		return nil, &KeyError{"what the PEM text holds can't be read as an RSA key", "copy the file anew from where it was downloaded"}
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if bits := key.N.BitLen(); bits < minKeyBits {
			return nil, &KeyError{fmt.Sprintf("an RSA key of %d bits is too short", bits), fmt.Sprintf("issue one of %d bits or more in the developer console", minKeyBits)}
		}
		return key, nil
	case *ecdsa.PrivateKey:
		return nil, otherKind("an EC key")
	case ed25519.PrivateKey:
		return nil, otherKind("an Ed25519 key")
	default:
		return nil, otherKind("not an RSA key")
	}
}

func pemBlocks(text []byte) (blocks []*pem.Block) {
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			return blocks
		}
		blocks, text = append(blocks, block), rest
	}
}
