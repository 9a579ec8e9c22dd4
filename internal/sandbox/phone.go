package sandbox

import (
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/google/uuid"
)

// stopPhone ends the accesses of every row of the phone that r is on: a
// factory reset takes all its accounts and apps (rule R18). The rows are found
// by their serial number, which only resets ever ask for: a scan, no index.
func (w *world) stopPhone(tx Tx, r *row, t int64) error {
	r.lastAccess, r.stopped = r.lastAccessAt(t), true
	if r.serial == "" {
		return nil
	}
	var others []row
	for id, b := range tx.Ascend(bucketDevices, "") {
		if id == r.id || !bytes.Contains(b, []byte(r.serial)) {
			continue
		}
		other, err := decodeRow(id, b)
		if err != nil {
			return err
		}
		// Some makers leave the same serial number on every device.
		if other.serial == r.serial && other.model == r.model && !other.stopped {
			other.lastAccess, other.stopped = other.lastAccessAt(t), true
			others = append(others, other)
		}
	}
	for _, other := range others {
		if err := putRow(tx, other); err != nil {
			return err
		}
	}
	return nil
}

// enroll brings a reset phone back as a new row with a new device id and
// Vendor ID and the same serial number (rule R5). The old row stays.
func (w *world) enroll(tx Tx, commandID string) error {
	c, ok, err := getCommand(tx, commandID)
	if err != nil || !ok {
		return err
	}
	r, ok, err := getRow(tx, c.DeviceID)
	if err != nil || !ok {
		return err
	}
	r.id = w.uuid(commandID, "device")
	r.vendor = w.vendorID(r.os, commandID)
	r.lastAccess, r.stopped, r.pending, r.noticeAt = w.now, false, "", 0
	r.period = day + w.roll(r.id, "habit", 0, 40*minute)
	status := mdmRegistered
	if w.Settings.MDMMode == modeNotInUse || w.Settings.ExternalMDM {
		status = mdmUnregistered
	}
	w.setMDM(&r, status)
	return putRow(tx, r)
}

// vendorID has the form that the system gives it: 16 hexadecimal digits on
// Android, an upper-case UUID elsewhere.
func (w *world) vendorID(os, commandID string) string {
	id := w.uuid(commandID, "vendor")
	if os == "ANDROID" {
		return strings.ReplaceAll(id, "-", "")[:16]
	}
	return strings.ToUpper(id)
}

// signIn is a new sign-in on a device: always an access (rule R6), and the end
// of the silence after a wipe.
func (w *world) signIn(tx Tx, deviceID string) error {
	r, ok, err := getRow(tx, deviceID)
	if err != nil || !ok {
		return err
	}
	r.lastAccess, r.stopped = w.now, false
	return w.comeOnline(tx, &r)
}

// comeOnline is the use of the app now: an access only if 24 hours have passed
// since the last one (rule R6); what waits for the device is delivered.
func (w *world) comeOnline(tx Tx, r *row) error {
	if last := r.lastAccessAt(w.now); w.now-last >= day {
		r.lastAccess = w.now
	}
	if r.pending == "" {
		return putRow(tx, *r)
	}
	c, ok, err := getCommand(tx, r.pending)
	if err != nil {
		return err
	}
	if ok && c.Status == statusRequested {
		c.deliver(w.now)
	}
	return w.settle(tx, &c, r)
}

// uuid makes a random-looking UUID that is the same for the same history.
func (w *world) uuid(subject, question string) string {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(w.roll(subject, question, 1, 1<<62))<<2) //nolint:gosec // bits
	binary.BigEndian.PutUint64(u[8:], uint64(w.roll(subject, question, 2, 1<<62))<<2) //nolint:gosec // bits
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	return u.String()
}
