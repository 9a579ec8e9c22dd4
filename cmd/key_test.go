package cmd_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// makeKey is the script command
//
//	key NAME [BITS | KIND]
//
// It writes a new RSA key of 2048 or so many bits to NAME.pem (PKCS#8) and
// NAME.pkcs1.pem, and its public half to NAME.pub. With a KIND of [otherKey] it
// writes that to NAME.pem.
func makeKey(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: key NAME [BITS | KIND]")
	}
	write := func(end string, text []byte) { ts.Check(os.WriteFile(ts.MkAbs(args[0]+end), text, 0o600)) }
	bits := 2048
	if len(args) == 2 {
		var err error
		if bits, err = strconv.Atoi(args[1]); err != nil {
			text, err := otherKey(args[1])
			ts.Check(err)
			write(".pem", text)
			return
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, bits)
	ts.Check(err)
	private, public, err := texts(key)
	ts.Check(err)
	write(".pem", private)
	write(".pkcs1.pem", pemText("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)))
	write(".pub", public)
}

func newKey() (private, public []byte, err error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, nil, err
	}
	return texts(key)
}

func texts(key *rsa.PrivateKey) (private, public []byte, err error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, nil, err
	}
	return pemText("PRIVATE KEY", der), pemText("PUBLIC KEY", spki), nil
}

func pemText(label string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
}

// otherKey makes what somebody may take for the key of a service account. Of
// what is encrypted, the content is noise.
func otherKey(kind string) ([]byte, error) {
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	noise := []byte(rand.Text() + rand.Text() + rand.Text())
	switch kind {
	case "encrypted":
		return pemText("ENCRYPTED PRIVATE KEY", noise), nil
	case "encrypted-pkcs1":
		headers := map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00112233445566778899AABBCCDDEEFF"}
		return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: headers, Bytes: noise}), nil
	case "openssh":
		return pemText("OPENSSH PRIVATE KEY", append([]byte("openssh-key-v1\x00"), noise...)), nil
	case "ec":
		der, err := x509.MarshalPKCS8PrivateKey(curve)
		return pemText("PRIVATE KEY", der), err
	case "ec-sec1":
		der, err := x509.MarshalECPrivateKey(curve)
		return pemText("EC PRIVATE KEY", der), err
	case "certificate":
		template := x509.Certificate{SerialNumber: big.NewInt(1)}
		der, err := x509.CreateCertificate(rand.Reader, &template, &template, &curve.PublicKey, curve)
		return pemText("CERTIFICATE", der), err
	case "der":
		return x509.MarshalPKCS8PrivateKey(curve)
	case "pkcs12":
		return asn1.Marshal(struct { // RFC 7292, section 4
			Version int
			Safe    []asn1.ObjectIdentifier
		}{3, []asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 7, 1}}})
	}
	return nil, fmt.Errorf("unknown kind of key %q", kind)
}

// absent is the script command
//
//	absent TEXT FOLDER
//
// It checks that no file below the folder, in its name or in what it holds, has
// the text, and that all of them are their owner's only. The text has six
// characters or more: what is encrypted holds a shorter one by chance.
func absent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || len(args[0]) < 6 {
		ts.Fatalf("usage: absent TEXT FOLDER, the text no shorter than 6")
	}
	files := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[1]), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if path != ts.MkAbs(args[1]) && info.Mode().Perm()&0o077 != 0 {
			ts.Fatalf("%s has mode %v", path, info.Mode())
		}
		if d.IsDir() {
			return nil
		}
		files++
		text, err := os.ReadFile(path)
		if bytes.Contains(append(text, path...), []byte(args[0])) {
			ts.Fatalf("%s holds %q", path, args[0])
		}
		return err
	}))
	if files == 0 {
		ts.Fatalf("%s holds no file", args[1])
	}
}
