package ledger

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// The events of both logs.
const (
	reserved = "reserved"
	sent     = "sent" // of notices
	released = "released"
)

// noticeLine says what befell devices at an address.
type noticeLine struct {
	Event   string    `json:"event"`
	Address string    `json:"address"`
	Job     string    `json:"job"`
	Time    time.Time `json:"time"`
	Devices []string  `json:"devices"`
	// Members are those of reserved devices, by id; a device may have none.
	Members map[string][]string `json:"members,omitempty"`
}

func (l *noticeLine) check() error {
	switch {
	case l.Event != reserved && l.Event != sent && l.Event != released:
		return fmt.Errorf("%q is no event of a notice", l.Event)
	case l.Address == "" || l.Job == "":
		return errors.New("the address and the job must be named")
	case !keeps(l.Time):
		return fmt.Errorf("%s is no time of a notice", l.Time)
	case len(l.Devices) == 0 || slices.Contains(l.Devices, ""):
		return errors.New("a device without an id")
	}
	for id, names := range l.Members {
		if l.Event != reserved || slices.Contains(names, "") {
			return fmt.Errorf("device %q has a member where none is noted, or one without a name", id)
		}
	}
	return nil
}

// noticeBook has the latest notice to each device, and the one before it by
// another job, which holds again if the latest is released.
type noticeBook struct {
	last, before map[key]entry
	used         map[key][]use // by the name of a member
	jobs         jobs
	mentions     int // of devices in all lines
	most         int // of them for each device
}

// key stands for a device at an address: 128 bits of a hash.
type key [16]byte

func keyOf(address, id string) key {
	text := make([]byte, 0, 128) // mostly enough, and no allocation
	text = strconv.AppendInt(text, int64(len(address)), 10)
	text = append(append(append(text, ' '), address...), id...)
	sum := sha256.Sum256(text)
	return key(sum[:])
}

type entry struct {
	at   int64 // nanoseconds since 1970
	job  int32
	sure bool
}

// use says that a device was a member's when a notice to it was reserved.
type use struct {
	device key
	at     int64 // that of the device's entry
}

// jobs numbers jobs, which many entries share.
type jobs struct {
	names   []string
	numbers map[string]int32
}

func (j *jobs) number(name string) int32 {
	n, is := j.numbers[name]
	if !is {
		n = int32(len(j.names)) //nolint:gosec // each is a line of over 100 bytes
		j.names = append(j.names, name)
		j.numbers[name] = n
	}
	return n
}

func (b *noticeBook) reset() {
	*b = noticeBook{most: b.most, last: map[key]entry{}, before: map[key]entry{}, used: map[key][]use{}, jobs: jobs{numbers: map[string]int32{}}}
}

func parseNotice(line []byte) (noticeLine, error) {
	var l noticeLine
	if err := parse(line, &l); err != nil {
		return l, err
	}
	return l, l.check()
}

func (b *noticeBook) read(line []byte) error {
	l, err := parseNotice(line)
	if err != nil {
		return err
	}
	e := entry{at: l.Time.UnixNano(), job: b.jobs.number(l.Job)}
	for _, id := range l.Devices {
		k := keyOf(l.Address, id)
		b.apply(l.Event, k, e)
		for _, name := range l.Members[id] {
			b.use(keyOf(l.Address, name), use{k, e.at})
		}
	}
	b.mentions += len(l.Devices)
	return nil
}

func (b *noticeBook) apply(event string, k key, e entry) {
	last, is := b.last[k]
	own := is && last.job == e.job
	switch {
	case own && last.sure: // nothing takes back that it was sent
	case event == reserved:
		if is && !own {
			b.before[k] = last
		}
		b.last[k] = e
	case event == sent && own:
		last.sure = true
		b.last[k] = last
	case event == released && own:
		if before, is := b.before[k]; is {
			b.last[k] = before
		} else {
			delete(b.last, k)
		}
		delete(b.before, k)
	}
}

// use notes whose device was reserved. What no longer holds goes as often as their
// number doubles: a member may have thousands of devices.
func (b *noticeBook) use(member key, u use) {
	b.used[member] = append(b.used[member], u)
	if n := len(b.used[member]); n&(n-1) == 0 {
		b.used[member] = slices.DeleteFunc(b.used[member], func(u use) bool { _, holds := b.entry(u); return !holds })
	}
}

// entry returns that of the notice to a member's device, also where one notice to
// the device came after it.
func (b *noticeBook) entry(u use) (e entry, holds bool) {
	for _, entries := range []map[key]entry{b.last, b.before} {
		if e, is := entries[u.device]; is && e.at == u.at {
			return e, true
		}
	}
	return entry{}, false
}

// spread compares with the devices. Up to four mentions of one hold: two notices,
// reserved and sent.
func (b *noticeBook) spread() bool { return b.mentions > b.most*len(b.last) }

func (b *noticeBook) sieve() func([]byte) (any, error) {
	return func(line []byte) (any, error) {
		l, err := parseNotice(line)
		if err != nil {
			return nil, err
		}
		e := entry{at: l.Time.UnixNano(), job: b.jobs.number(l.Job)}
		l.Devices = slices.DeleteFunc(l.Devices, func(id string) bool {
			k := keyOf(l.Address, id)
			return !e.holds(l.Event, b.last, k) && !e.holds(l.Event, b.before, k)
		})
		if len(l.Devices) == 0 {
			return nil, nil
		}
		l.Members = membersOf(l.Devices, l.Members)
		return l, nil
	}
}

// membersOf are the members of devices alone.
func membersOf(devices []string, members map[string][]string) map[string][]string {
	of := map[string][]string{}
	for _, id := range devices {
		if names := members[id]; len(names) > 0 {
			of[id] = names
		}
	}
	return of
}

// holds tells whether an event is part of how the entry of k came about. More of
// an earlier notice by the same job does no harm: the later lines cover it.
func (e entry) holds(event string, entries map[key]entry, k key) bool {
	have, is := entries[k]
	if !is || have.job != e.job {
		return false
	}
	return event == reserved && have.at == e.at || event == sent && have.sure
}
