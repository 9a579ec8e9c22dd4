package sandbox

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func drawRow(t *rapid.T) row {
	text := func(name string) string { return rapid.String().Draw(t, name) }
	number := func(name string) int64 { return rapid.Int64().Draw(t, name) }
	return row{
		id: text("id"), typ: text("typ"), model: text("model"), vendor: text("vendor"), serial: text("serial"),
		domain: rapid.Int32().Draw(t, "domain"), userID: text("userID"), email: text("email"), userName: text("userName"),
		os: text("os"), osVersion: text("osVersion"), app: text("app"), appVersion: text("appVersion"),
		mdm: text("mdm"), provider: text("provider"), mdmSince: number("mdmSince"), mdmMode: number("mdmMode"),
		lastAccess: number("lastAccess"), period: number("period"), noticeAt: number("noticeAt"), commands: number("commands"),
		stopped: rapid.Bool().Draw(t, "stopped"), failNext: rapid.Bool().Draw(t, "failNext"), pending: text("pending"),
	}
}

func TestRowComesBackAsItWasStored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawRow(t)
		got, err := decodeRow(want.id, want.encode())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, cmp.AllowUnexported(row{})); d != "" {
			t.Fatalf("-want +got:\n%s", d)
		}
	})
}

func TestDamagedRowIsAnError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRow(t)
		data := r.encode()
		if _, err := decodeRow(r.id, data[:rapid.IntRange(0, len(data)-1).Draw(t, "length")]); err == nil {
			t.Fatal("a cut row was read")
		}
		_, _ = decodeRow("", rapid.SliceOf(rapid.Byte()).Draw(t, "anything")) // does not panic
	})
}

func TestAccessesFollowTheHabit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := row{
			lastAccess: rapid.Int64Range(0, 1000*day).Draw(t, "last"),
			period:     rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(day, 60*day)).Draw(t, "period"),
			stopped:    rapid.Bool().Draw(t, "stopped"),
		}
		now := r.lastAccess + rapid.Int64Range(0, 1000*day).Draw(t, "age")
		last := r.lastAccessAt(now)
		if last > now || last < r.lastAccess {
			t.Fatalf("last access %d is not between %d and now %d", last, r.lastAccess, now)
		}
		next, ok := r.nextOnline(now)
		if !ok {
			if r.period != 0 && !r.stopped {
				t.Fatal("a device with a habit never comes back")
			}
			return
		}
		if next <= now || r.lastAccessAt(next) != next || r.lastAccessAt(next-1) != last {
			t.Fatalf("next access %d, now %d, last before it %d, want %d", next, now, r.lastAccessAt(next-1), last)
		}
	})
}

// However modes follow each other, what is shown obeys rules R4 and R13, and
// once a state is reached it was reached at a time that has passed.
func TestManagementObeysTheTenant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		modes := []string{modeNotInUse, modeOptional, modeRequired}
		st := &state{History: []modeChange{{Mode: rapid.SampledFrom(modes).Draw(t, "first")}}}
		for at := int64(0); len(st.History) < 6; {
			at += rapid.Int64Range(0, 100*day).Draw(t, "until")
			st.History = append(st.History, modeChange{at, rapid.SampledFrom(modes).Draw(t, "mode")})
		}
		last := st.History[len(st.History)-1]
		st.Settings.MDMMode = last.Mode
		w := &world{state: st, now: last.At + rapid.Int64Range(0, 400*day).Draw(t, "now")}
		r := row{id: rapid.StringMatching("[0-9a-f]{8}").Draw(t, "id"), typ: typeMobile,
			mdm:      rapid.SampledFrom([]string{mdmRegistered, mdmPending, mdmUnregistered}).Draw(t, "mdm"),
			provider: rapid.SampledFrom([]string{providerWorks, providerNone, providerExternal}).Draw(t, "provider"),
			period:   rapid.SampledFrom([]int64{0, day, 7 * day}).Draw(t, "period")}
		m := w.mdm(&r, w.now)
		managed := m.status != mdmUnregistered
		switch {
		case managed && m.provider != providerWorks, managed && last.Mode == modeNotInUse, managed && r.provider == providerExternal:
			t.Fatalf("%+v in %+v", m, st.History)
		case m.since > w.now:
			t.Fatalf("%+v happened after %d", m, w.now)
		case last.Mode == modeRequired && m.status == mdmUnregistered && m.provider == providerNone && last.At > 0 && len(st.History) > 1:
			t.Fatalf("a tenant that requires MDM has not asked: %+v in %+v", m, st.History)
		}
	})
}

func TestIDsGrowWithTimeAndNumber(t *testing.T) {
	w := &world{state: &state{Seed: 1}, now: 1_790_000_000}
	before := ""
	for i := range 5000 {
		if i%1000 == 999 {
			w.now++
		}
		id := w.newID("same")
		if err := uuid.Validate(id); err != nil || id <= before {
			t.Fatalf("%s after %s: %v", id, before, err)
		}
		before = id
	}
}
