package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/go-json-experiment/json"
)

// A log is a file of JSON lines, each with a checksum of itself and all lines
// before it, so that one that was changed, or is missing, is never passed over:
//
//	{"records":1,"of":"notices","crc32":"…"}
//	{"event":"reserved","address":…,"job":…,"time":…,"devices":[…],"members":{…},"crc32":"…"}
//	{"event":"sent","address":…,"job":…,"time":…,"devices":[…],"crc32":"…"}
//	{"event":"released",…}
//
//	{"records":1,"of":"wipes","crc32":"…"}
//	{"event":"reserved","tenant":…,"job":…,"time":…,"count":3,"crc32":"…"}
//	{"event":"released","tenant":…,"job":…,"count":1,"crc32":"…"}

// seal appends v, an object, as a line to dst. sum is that of the lines before,
// next includes it.
func seal(dst []byte, sum uint32, v any) (line []byte, next uint32, err error) {
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return dst, sum, err
	}
	text = text[:len(text)-1]
	next = crc32.Update(sum, crc32.IEEETable, text)
	return appendSum(append(dst, text...), next), next, nil
}

// unseal returns what was sealed. It writes into line.
func unseal(line []byte, sum uint32) (text []byte, next uint32, err error) {
	at := len(line) - len(appendSum(nil, 0))
	if at < 0 {
		return nil, 0, errors.New("it has no checksum")
	}
	next = crc32.Update(sum, crc32.IEEETable, line[:at])
	if !bytes.Equal(line[at:], appendSum(nil, next)) {
		return nil, 0, errors.New("its checksum is wrong: it, or a line before it, isn't what was written")
	}
	line[at] = '}' // in place of a comma
	return line[:at+1], next, nil
}

func appendSum(dst []byte, sum uint32) []byte {
	return fmt.Appendf(dst, `,"crc32":"%08x"}`+"\n", sum)
}

// parse is strict: what a later version adds may not be passed over.
func parse(line []byte, v any) error {
	return json.Unmarshal(line, v, json.RejectUnknownMembers(true))
}
