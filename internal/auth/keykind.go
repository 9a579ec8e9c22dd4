package auth

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"strings"
)

const downloadIt = "use the private key file of the service account, as downloaded from the developer console"

func otherKind(what string) *KeyError {
	return &KeyError{"it is " + what + ", but the auth server takes RSA keys only", downloadIt}
}

// wrongLabel finds the private keys that can't be read or aren't RSA.
func wrongLabel(b *pem.Block) error {
	encrypted := strings.Contains(b.Headers["Proc-Type"], "ENCRYPTED") || b.Headers["DEK-Info"] != ""
	switch {
	case b.Type == "OPENSSH PRIVATE KEY":
		return &KeyError{"it is an OpenSSH key", downloadIt}
	case encrypted || b.Type == "ENCRYPTED PRIVATE KEY":
		return &KeyError{"it is encrypted", "write it without its passphrase by `openssl pkey -in FILE -out NEWFILE`, sign in with that, then delete it"}
	case b.Type == "EC PRIVATE KEY":
		return otherKind("an EC key")
	case b.Type == "DSA PRIVATE KEY":
		return otherKind("a DSA key")
	}
	return nil
}

// noPrivateKey says what a PEM file without a private key holds.
func noPrivateKey(b *pem.Block) error {
	switch {
	case strings.HasSuffix(b.Type, "CERTIFICATE REQUEST"):
		return &KeyError{"it is a certificate request, not a key", downloadIt}
	case strings.HasSuffix(b.Type, "CERTIFICATE"):
		return &KeyError{"it is a certificate, not a key", downloadIt}
	case strings.HasSuffix(b.Type, "PUBLIC KEY"):
		return publicKey()
	case strings.HasSuffix(b.Type, "PARAMETERS"):
		return &KeyError{"it holds the parameters of a key, not a key", downloadIt}
	}
	return &KeyError{"the PEM text holds no private key", downloadIt}
}

func publicKey() *KeyError {
	return &KeyError{"it is a public key; signing takes the private one", downloadIt}
}

// notPEM says what a file without any PEM block is.
func notPEM(text []byte) error {
	trimmed := bytes.TrimSpace(text)
	begins := func(s string) bool { return bytes.HasPrefix(trimmed, []byte(s)) }
	switch {
	case len(trimmed) == 0:
		return &KeyError{"the file is empty", downloadIt}
	case begins("\xff\xfe") || begins("\xfe\xff"):
		return &KeyError{"the file is UTF-16 text", "save it as plain text (UTF-8)"}
	case begins("-----BEGIN ") && bytes.Contains(trimmed, []byte(`\n`)):
		return &KeyError{`the PEM text has \n in place of line breaks`, "write it with real line breaks"}
	case bytes.Contains(trimmed, []byte("-----BEGIN ")):
		return &KeyError{"the PEM text is damaged or cut off", "copy the file anew from where it was downloaded"}
	case begins("PuTTY-User-Key-File"):
		return &KeyError{"it is a PuTTY key", downloadIt}
	case begins("ssh-") || begins("ecdsa-"):
		return publicKey()
	case trimmed[0] == 0x30: // an ASN.1 sequence
		return notText(text)
	case isBase64(trimmed):
		return &KeyError{"the lines BEGIN and END of the PEM text are missing", "copy the whole file, with its first and last line"}
	}
	return &KeyError{"the file is not PEM text", downloadIt}
}

// notText tells the kinds of DER apart.
func notText(der []byte) error {
	var pfx struct { // PKCS#12 (RFC 7292, section 4)
		Version  int
		AuthSafe asn1.RawValue
		MacData  asn1.RawValue `asn1:"optional"`
	}
	_, err := asn1.Unmarshal(der, &pfx)
	switch {
	case err == nil && pfx.Version == 3:
		return &KeyError{"it is a PKCS#12 file", "take the key out of it by `openssl pkcs12 -in FILE -nocerts -nodes -out NEWFILE`"}
	case isCertificate(der):
		return &KeyError{"it is a certificate, not a key", downloadIt}
	}
	return &KeyError{"it is binary (DER), not PEM text", "turn it into PEM by `openssl pkey -inform DER -in FILE -out NEWFILE`"}
}

func isCertificate(der []byte) bool {
	_, err := x509.ParseCertificate(der)
	return err == nil
}

func isBase64(text []byte) bool {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	return err == nil && len(der) > 0 && der[0] == 0x30
}
