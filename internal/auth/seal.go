package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"

	"github.com/worksctl/worksctl/pkg/api"
)

// sealer encrypts with AES-256-GCM. Its key follows from secrets by HKDF-SHA256;
// they are long and random, so no slow derivation is needed.
type sealer struct {
	aead     cipher.AEAD
	identity []byte
}

func newSealer(secrets []api.Secret, identity []byte) (sealer, bool) {
	var material []byte
	length := 0
	for _, s := range secrets {
		text := s.Reveal()
		length += len(text)
		material = binary.BigEndian.AppendUint64(material, uint64(len(text)))
		material = append(material, text...)
	}
	key, err := hkdf.Key(sha256.New, material, identity, "worksctl token cache 1", 32)
	if err != nil || length == 0 {
		return sealer{}, false
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, false
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{aead, identity}, err == nil
}

// sealed is the file.
type sealed struct {
	Version int    `json:"version"`
	Data    []byte `json:"data"` // nonce, text and tag
}

func (s sealer) close(plain []byte) []byte {
	box := s.aead.Seal(nil, nil, plain, s.identity) //nolint:gosec // this AEAD makes the nonce itself
	data, err := json.Marshal(sealed{1, box})
	if err != nil {
		panic(err) // a number and bytes only
	}
	return append(data, '\n')
}

func (s sealer) open(data []byte) ([]byte, error) {
	var file sealed
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	return s.aead.Open(nil, nil, file.Data, s.identity)
}
