package sandbox

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox/seed"
	"github.com/worksctl/worksctl/internal/textmatch"
)

// everyBucket is what a reset clears.
func everyBucket() []Bucket {
	return []Bucket{bucketMeta, bucketDevices, bucketMembers, bucketEmails, bucketCommands,
		bucketEvents, bucketReplies, bucketTokens, bucketStats}
}

// entry is a key and value on their way into a bucket.
type entry struct {
	key   string
	value []byte
}

// putSorted loads entries in key order: a bbolt update takes one insertion at
// the end in constant time, one in the middle of a million in milliseconds.
func putSorted(tx Tx, b Bucket, entries []entry) error {
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	for _, e := range entries {
		if err := tx.Put(b, e.key, e.value); err != nil {
			return err
		}
	}
	return nil
}

// fill replaces everything in the store by a new fleet, in the transaction it
// is given: a crash leaves the old state or none.
func fill(tx Tx, o seed.Options, settings Settings) error {
	for _, b := range everyBucket() {
		if err := tx.Clear(b); err != nil {
			return err
		}
	}
	o.Devices = cmp.Or(o.Devices, seed.DefaultDevices)
	o.Seed = cmp.Or(o.Seed, seed.DefaultSeed)
	o.DomainID = cmp.Or(o.DomainID, seed.DefaultDomainID)
	if o.Devices < 0 || o.Devices > seed.MaxDevices {
		return errOutOfRange("devices %d: use 1 to %d", o.Devices, seed.MaxDevices)
	}
	key := sha256.Sum256(fmt.Appendf(nil, "worksctl sandbox %d", o.Seed))
	st := &state{
		Settings: settings, History: []modeChange{{Mode: settings.MDMMode}},
		Seed: o.Seed, DomainID: o.DomainID, SeededAt: o.Now, TokenKey: key[:],
	}
	if st.Settings.AppVersions == nil {
		for _, v := range seed.AppVersions() {
			st.Settings.AppVersions = append(st.Settings.AppVersions, AppVersion(v))
		}
	}
	w := &world{state: st, now: o.Now.Unix()}
	if err := fillDevices(tx, w, o); err != nil {
		return err
	}
	if err := fillMembers(tx, w, o); err != nil {
		return err
	}
	return saveState(tx, st)
}

func fillDevices(tx Tx, w *world, o seed.Options) error {
	entries := make([]entry, 0, o.Devices)
	for d := range seed.Generate(o) {
		r := row{
			id: d.DeviceID, domain: d.DomainID, typ: d.Type, model: d.Model, vendor: d.VendorID, serial: d.SerialNumber,
			userID: d.UserID, email: d.UserEmail, userName: d.UserName,
			os: d.OSType, osVersion: d.OSVersion, app: d.AppType, appVersion: d.AppVersion,
			mdm: d.MDMStatus, provider: d.MDMProvider, mdmSince: w.now,
			lastAccess: d.LastAccess.Unix(), period: w.period(d, w.now),
		}
		entries = append(entries, entry{r.id, r.encode()})
		if !slices.Contains(w.DomainIDs, d.DomainID) {
			w.DomainIDs = append(w.DomainIDs, d.DomainID)
		}
	}
	w.Devices = len(entries)
	return putSorted(tx, bucketDevices, entries)
}

// period is the time between two accesses of a seeded device, each with a
// little of its own, and long enough that none is due at the moment of seeding.
func (w *world) period(d seed.Device, now int64) int64 {
	interval := int64(d.Habit.Interval() / time.Second)
	if interval == 0 {
		return 0
	}
	spread := w.roll(d.DeviceID, "habit", 0, 40*minute)
	return max(interval, now-d.LastAccess.Unix()) + spread + 1
}

func fillMembers(tx Tx, w *world, o seed.Options) error {
	var members, names []entry
	for m := range seed.Members(o) {
		data, err := json.Marshal(newMember(m))
		if err != nil {
			return err
		}
		members = append(members, entry{m.UserID, data})
		names = append(names, entry{emailKey(m.Email), []byte(m.UserID)})
		if m.ExternalKey != "" {
			names = append(names, entry{externalPrefix + m.ExternalKey, []byte(m.UserID)})
		}
	}
	w.Members = len(members)
	if err := putSorted(tx, bucketMembers, members); err != nil {
		return err
	}
	return putSorted(tx, bucketEmails, names)
}

const externalPrefix = "externalKey:"

func emailKey(email string) string { return "email:" + textmatch.Fold(email) }
