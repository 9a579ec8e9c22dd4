package ledger

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// wipeLine says that a job took of a tenant's allowance, or gave back the last
// that it had taken.
type wipeLine struct {
	Event  string    `json:"event"`
	Tenant string    `json:"tenant"`
	Job    string    `json:"job"`
	Time   time.Time `json:"time,omitzero"` // of a reservation
	Count  int       `json:"count"`
}

func (l *wipeLine) check() error {
	switch {
	case l.Event != reserved && l.Event != released:
		return fmt.Errorf("%q is no event of a wipe", l.Event)
	case l.Tenant == "" || l.Job == "":
		return errors.New("the tenant and the job must be named")
	case l.Event == reserved && !keeps(l.Time):
		return fmt.Errorf("%s is no time of a wipe", l.Time)
	case l.Count <= 0:
		return fmt.Errorf("a count of %d", l.Count)
	}
	return nil
}

// wipeBook has the wipes and resets of each tenant in the order of their times.
type wipeBook struct {
	of    map[string][]wipe
	lines int
	most  int   // of them for each wipe that still counts
	now   int64 // of the latest reservation by this process, 0 before it
}

type wipe struct {
	at  int64 // nanoseconds since 1970
	job string
}

func (w wipe) time() time.Time { return time.Unix(0, w.at) }

func (b *wipeBook) reset() { *b = wipeBook{of: map[string][]wipe{}, most: b.most, now: b.now} }

func (b *wipeBook) read(line []byte) error {
	var l wipeLine
	if err := parse(line, &l); err != nil {
		return err
	}
	if err := l.check(); err != nil {
		return err
	}
	all := b.of[l.Tenant]
	if l.Event == reserved {
		at := l.Time.UnixNano()
		i := len(all)
		for i > 0 && all[i-1].at > at { // hardly ever: the clock was set back
			i--
		}
		all = slices.Insert(all, i, slices.Repeat([]wipe{{at, l.Job}}, l.Count)...)
	} else {
		left := l.Count
		for i := len(all) - 1; i >= 0 && left > 0; i-- {
			if all[i].job == l.Job {
				all = slices.Delete(all, i, i+1)
				left--
			}
		}
	}
	b.of[l.Tenant] = all
	b.lines++
	return nil
}

// old tells that a wipe counts no more, even if the clock is set back by a day.
func (b *wipeBook) old(w wipe) bool { return w.at < b.now-int64(24*hour) }

func (b *wipeBook) spread() bool {
	if b.now == 0 {
		return false
	}
	live := 0
	for _, all := range b.of {
		for _, w := range all {
			if !b.old(w) {
				live++
			}
		}
	}
	return b.lines > b.most*live
}

func (b *wipeBook) sieve() func([]byte) (any, error) {
	type of struct {
		tenant string
		wipe
	}
	left := map[of]int{}
	for tenant, all := range b.of {
		for _, w := range all {
			if !b.old(w) {
				left[of{tenant, w}]++
			}
		}
	}
	return func(line []byte) (any, error) {
		var l wipeLine
		if err := parse(line, &l); err != nil || l.Event != reserved {
			return nil, err
		}
		k := of{l.Tenant, wipe{l.Time.UnixNano(), l.Job}}
		l.Count = min(l.Count, left[k])
		left[k] -= l.Count
		if l.Count == 0 {
			return nil, nil
		}
		return l, nil
	}
}
