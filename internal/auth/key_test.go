package auth_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/auth"
)

func TestKeysOfServiceAccounts(t *testing.T) {
	for _, bits := range []int{2048, 3072, 4096} {
		key := newKey(bits)
		want := pkcs8(key)
		for name, text := range map[string][]byte{
			"PKCS#8":           pemOf("PRIVATE KEY", want),
			"PKCS#1":           pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)),
			"wrong label":      pemOf("PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)),
			"byte order mark":  append([]byte("\xef\xbb\xbf"), pemOf("PRIVATE KEY", want)...),
			"carriage returns": bytes.ReplaceAll(pemOf("PRIVATE KEY", want), []byte("\n"), []byte("\r\n")),
			"text around it":   append([]byte("Bag Attributes\n  friendlyName: worksctl\n"), pemOf("PRIVATE KEY", want)...),
			"its certificate":  append(pemOf("CERTIFICATE", []byte{1}), pemOf("PRIVATE KEY", want)...),
		} {
			t.Run(fmt.Sprintf("%d %s", bits, name), func(t *testing.T) {
				der, err := auth.ParsePrivateKey(text)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(der, want) {
					t.Error("not the key as PKCS#8 DER")
				}
			})
		}
	}
}

// Each mistake has a sentence of its own, and none of them shows the file.
func TestWhatIsNoKey(t *testing.T) {
	good := pkcs8(key2048())
	goodPEM := string(pemOf("PRIVATE KEY", good))
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	short := newKey(1024)
	legacy := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte("sealed"),
		Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00112233445566778899AABBCCDDEEFF"}}))
	certificate := newCertificate(t)

	seen := map[string]string{}
	for _, c := range []struct{ name, text, want string }{
		{"EC in PKCS#8", string(pemOf("PRIVATE KEY", pkcs8(ec))), "an EC key"},
		{"EC in SEC 1", string(pemOf("EC PARAMETERS", []byte{6, 0})) + string(pemOf("EC PRIVATE KEY", sec1)), "an EC key"},
		{"Ed25519", string(pemOf("PRIVATE KEY", pkcs8(ed))), "an Ed25519 key"},
		{"DSA", string(pemOf("DSA PRIVATE KEY", []byte("x"))), "a DSA key"},
		{"short", string(pemOf("PRIVATE KEY", pkcs8(short))), "1024 bits is too short"},
		{"encrypted PKCS#8", string(pemOf("ENCRYPTED PRIVATE KEY", []byte("sealed"))), "it is encrypted: "},
		{"encrypted PKCS#1", legacy, "it is encrypted: "},
		{"OpenSSH", string(pemOf("OPENSSH PRIVATE KEY", []byte("x"))), "an OpenSSH key"},
		{"PuTTY", "PuTTY-User-Key-File-3: ssh-rsa\n", "a PuTTY key"},
		{"certificate", string(pemOf("CERTIFICATE", certificate)), "a certificate, not a key"},
		{"certificate in DER", string(certificate), "a certificate, not a key"},
		{"request", string(pemOf("CERTIFICATE REQUEST", []byte("x"))), "a certificate request"},
		{"public key", publicPEM(key2048()), "a public key"},
		{"public key of SSH", "ssh-rsa AAAAB3NzaC1yc2E= admin\n", "a public key"},
		{"parameters", string(pemOf("EC PARAMETERS", []byte{6, 0})), "the parameters of a key"},
		{"something else", string(pemOf("PGP MESSAGE", []byte("x"))), "holds no private key"},
		{"PKCS#12", string(pkcs12(t)), "a PKCS#12 file"},
		{"DER", string(good), "binary (DER)"},
		{"base64 alone", base64.StdEncoding.EncodeToString(good), "BEGIN and END"},
		{"empty", "", "the file is empty"},
		{"blank", " \r\n", "the file is empty"},
		{"cut", goodPEM[:len(goodPEM)/2], "damaged or cut off"},
		{"one whole, one cut", goodPEM + goodPEM[:len(goodPEM)/2], "damaged or cut off"},
		{"garbage within", string(pemOf("PRIVATE KEY", []byte("nothing"))), "can't be read as an RSA key"},
		{"two keys", goodPEM + goodPEM, "holds 2 private keys"},
		{"UTF-16", "\xff\xfe-\x00-\x00", "UTF-16"},
		{"one line", strings.ReplaceAll(goodPEM, "\n", `\n`), `\n in place of line breaks`},
		{"other text", "client_id: abc\n", "not PEM text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			der, err := auth.ParsePrivateKey([]byte(c.text))
			e, ok := errors.AsType[*auth.KeyError](err)
			if der != nil || !ok || !strings.Contains(err.Error(), c.want) || e.Remedy == "" || strings.Contains(err.Error(), "\n") {
				t.Fatalf("%v, want a KeyError with %q", err, c.want)
			}
			if other, ok := seen[e.Problem]; ok && other != c.want {
				t.Errorf("the same sentence as for %s", other)
			}
			seen[e.Problem] = c.want
			if line, _, _ := strings.Cut(strings.TrimSpace(goodPEM), "\n-----END"); strings.Contains(err.Error(), line[len(line)-20:]) {
				t.Error("the error shows the key")
			}
		})
	}
}

func TestKeyOfCredentialThatIsNone(t *testing.T) {
	l := newLab(t, false, nil)
	a := serviceAccount(key2048())
	a.PrivateKey = []byte("canary-key")
	_, err := l.server(0).ServiceAccount(t.Context(), a)
	if _, ok := errors.AsType[*auth.KeyError](err); !ok || l.renewals() != 0 {
		t.Errorf("%v, %d requests", err, l.renewals())
	}
	clean(t, err)
	clean(t, fmt.Errorf("%v %+v %#v %x %s", a, a, a, a, &a), "canary", fmt.Sprintf("%x", "canary"), "99 97 110")
}

func newCertificate(t *testing.T) []byte {
	t.Helper()
	template := x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "worksctl"}}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key2048().PublicKey, key2048())
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// pkcs12 is the outer form of a .p12 file.
func pkcs12(t *testing.T) []byte {
	t.Helper()
	type contentInfo struct {
		Type    asn1.ObjectIdentifier
		Content []byte `asn1:"tag:0,explicit"`
	}
	der, err := asn1.Marshal(struct {
		Version int
		Safe    contentInfo
	}{3, contentInfo{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}, []byte("sealed")}})
	if err != nil {
		t.Fatal(err)
	}
	return der
}
