package sandbox

import (
	"encoding/binary"
	"errors"
)

// row is a device as it is stored: what was true at some moment, from which
// [world.device] derives what is true now. Times are Unix seconds, 0 for none.
type row struct {
	id, typ, model, vendor, serial string
	domain                         int32
	userID, email, userName        string
	os, osVersion, app, appVersion string

	mdm, provider string
	mdmSince      int64 // of the last stored change of mdm
	mdmMode       int64 // index of the tenant's mode, in its history, at that change

	lastAccess int64
	period     int64  // seconds between two accesses; 0: this device never comes online again
	stopped    bool   // wiped or reset: no access until somebody signs in
	noticeAt   int64  // of the last update notification
	pending    string // id of the command that has not ended
	commands   int64  // requested so far
	failNext   bool   // the next command delivered fails
}

// errRow reports a damaged store.
var errRow = errors.New("sandbox store: damaged device row")

// encode writes r in a form that decodes many times as fast as JSON: a text
// filter reads every row of a fleet of up to 1,000,000.
func (r *row) encode() []byte {
	b := make([]byte, 0, 256)
	for _, s := range r.texts() {
		b = binary.AppendUvarint(b, uint64(len(*s)))
		b = append(b, *s...)
	}
	for _, n := range r.numbers() {
		b = binary.AppendVarint(b, *n)
	}
	var flags byte
	if r.stopped {
		flags |= 1
	}
	if r.failNext {
		flags |= 2
	}
	return append(binary.AppendVarint(b, int64(r.domain)), flags)
}

// decodeRow reads the row id from b.
func decodeRow(id string, b []byte) (r row, err error) {
	r.id = id
	rest := string(b) // one allocation; the fields are parts of it
	for _, s := range r.texts() {
		n, w := binary.Uvarint(b)
		if w <= 0 || n > uint64(len(b)-w) { //nolint:gosec // w ≤ len(b)
			return r, errRow
		}
		end := w + int(n) //nolint:gosec // n ≤ len(b)
		*s, rest, b = rest[w:end], rest[end:], b[end:]
	}
	var domain int64
	numbers := r.numbers()
	for _, n := range append(numbers[:], &domain) {
		v, w := binary.Varint(b)
		if w <= 0 {
			return r, errRow
		}
		*n, b = v, b[w:]
	}
	if len(b) != 1 {
		return r, errRow
	}
	r.domain = int32(domain) //nolint:gosec // was written from an int32
	r.stopped, r.failNext = b[0]&1 != 0, b[0]&2 != 0
	return r, nil
}

// texts and numbers are the fields in the order of their storage.
func (r *row) texts() [14]*string {
	return [...]*string{&r.typ, &r.model, &r.vendor, &r.serial, &r.userID, &r.email, &r.userName,
		&r.os, &r.osVersion, &r.app, &r.appVersion, &r.mdm, &r.provider, &r.pending}
}

func (r *row) numbers() [6]*int64 {
	return [...]*int64{&r.mdmSince, &r.mdmMode, &r.lastAccess, &r.period, &r.noticeAt, &r.commands}
}

// getRow reads the stored row of a device id; ok is false if there is none.
func getRow(tx Tx, id string) (r row, ok bool, err error) {
	b := tx.Get(bucketDevices, id)
	if b == nil {
		return row{}, false, nil
	}
	r, err = decodeRow(id, b)
	return r, err == nil, err
}

func putRow(tx Tx, r row) error { return tx.Put(bucketDevices, r.id, r.encode()) }
