package sandbox_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

func TestDevicesComeOnline(t *testing.T) {
	f := open(t, func(o *sandbox.Options) { o.Seed = seed.Options{Devices: 1000} })
	before := f.list("")
	f.advance("36h")
	day := refreshed(before, f.list(""))
	f.advance("10d")
	week := refreshed(before, f.list(""))
	f.advance("40d")
	month := refreshed(before, f.list(""))
	if day < 100 || week <= day || month <= week || month > 950 {
		t.Errorf("seen again after 1½, 11½ and 51½ days: %d, %d, %d of 1000", day, week, month)
	}
}

func refreshed(before, after []device) (n int) {
	last := map[string]time.Time{}
	for _, d := range before {
		last[d.DeviceID] = d.LastAccessTime
	}
	for _, d := range after {
		if d.LastAccessTime.After(last[d.DeviceID]) {
			n++
		}
	}
	return n
}

// Seeding makes nobody come online: the fleet is listed as it was invented.
func TestSeedIsListedAsInvented(t *testing.T) {
	f := open(t)
	want := map[string]time.Time{}
	for d := range seed.Generate(seed.Options{Devices: 300, Now: f.clock.Now()}) {
		want[d.DeviceID] = d.LastAccess
	}
	for _, d := range f.list("") {
		if !d.LastAccessTime.Equal(want[d.DeviceID].Truncate(time.Second)) {
			t.Errorf("%s: last access %s, invented %s", d.DeviceID, d.LastAccessTime, want[d.DeviceID])
		}
	}
}

func TestAccessRefreshesAfterADay(t *testing.T) {
	f := open(t)
	d := f.pick("", func(d device) bool { return f.clock.Now().Sub(d.LastAccessTime) > 60*24*time.Hour })
	f.trigger(d.DeviceID, "online")
	first := f.device(d.DeviceID).LastAccessTime
	if !first.Equal(f.clock.Now()) {
		t.Errorf("use after 60 days: last access %s", first)
	}
	f.advance("23h")
	f.trigger(d.DeviceID, "online")
	if got := f.device(d.DeviceID).LastAccessTime; !got.Equal(first) {
		t.Errorf("use within 24 hours: last access %s", got)
	}
	f.trigger(d.DeviceID, "sign-in")
	if got := f.device(d.DeviceID).LastAccessTime; got.Sub(first) != 23*time.Hour {
		t.Errorf("a sign-in: last access %s", got)
	}
}

func TestWipeWaitsForTheDevice(t *testing.T) {
	f := open(t)
	d := f.registered()
	c := f.ask("wipe", d.DeviceID)
	if c.Status != "REQUESTED" || c.Type != "WIPE" || c.DeviceID != d.DeviceID || c.Reason != "lost" || c.RequestedBy == "" {
		t.Errorf("%+v", c)
	}
	f.advance("1m")
	f.trigger(d.DeviceID, "online")
	got := f.command(c.CommandID)
	if got.Status != "DELIVERED" || got.DeliveredTime == nil || got.DeliveredTime.Sub(c.RequestedTime) != time.Minute {
		t.Fatalf("online: %+v", got)
	}
	f.post("/security/devices/"+d.DeviceID+"/wipe", map[string]string{"reason": "again"}).want(409, "COMMAND_ALREADY_EXIST")
	f.advance("15m")
	if got = f.command(c.CommandID); got.Status != "COMPLETED" || got.CompletedTime == nil {
		t.Fatalf("later: %+v", got)
	}
	last := f.device(d.DeviceID).LastAccessTime
	f.do(http.MethodPost, sandbox.AdminPath+"/devices/"+d.DeviceID+"/online", nil).want(409, "CONFLICT")
	f.advance("6h")
	if now := f.device(d.DeviceID).LastAccessTime; now.After(last) {
		t.Error("a wiped app was used without a sign-in")
	}
	f.trigger(d.DeviceID, "sign-in")
	if now := f.device(d.DeviceID).LastAccessTime; !now.After(*got.CompletedTime) {
		t.Error("the sign-in after the wipe does not show")
	}
	f.ask("wipe", d.DeviceID)
}

func TestCommandFails(t *testing.T) {
	f := open(t)
	d := f.registered()
	f.trigger(d.DeviceID, "fail-next-command")
	c := f.ask("wipe", d.DeviceID)
	f.trigger(d.DeviceID, "online")
	f.advance("15m")
	if got := f.command(c.CommandID); got.Status != "FAILED" || got.Failure == nil || got.CompletedTime != nil {
		t.Errorf("%+v", got)
	}
	c = f.ask("wipe", d.DeviceID)
	f.trigger(d.DeviceID, "online")
	f.advance("15m")
	if got := f.command(c.CommandID); got.Status != "COMPLETED" {
		t.Errorf("the command after the failed one: %+v", got)
	}
}

func TestResetPhoneComesBackAsANewRow(t *testing.T) {
	for os, vendorID := range map[string]string{
		"IOS": `^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$`, "ANDROID": `^[0-9a-f]{16}$`,
	} {
		t.Run(os, func(t *testing.T) { resetPhoneComesBack(t, os, regexp.MustCompile(vendorID)) })
	}
}

func resetPhoneComesBack(t *testing.T, os string, vendorID *regexp.Regexp) {
	f := open(t)
	old := f.pick("type=MOBILE&mdmStatus=REGISTERED&osType="+os, nil)
	if !vendorID.MatchString(*old.VendorID) {
		t.Errorf("the old Vendor ID %s", *old.VendorID)
	}
	c := f.ask("reset", old.DeviceID)
	f.trigger(old.DeviceID, "online")
	f.advance("15m")
	if got := f.command(c.CommandID); got.Status != "COMPLETED" {
		t.Fatalf("%+v", got)
	}
	f.advance("3d")
	var again []device
	for _, d := range f.list("keyword=" + escape(*old.SerialNumber)) {
		if *d.SerialNumber == *old.SerialNumber && d.DeviceID != old.DeviceID && d.LastAccessTime.After(f.clock.Now()) {
			again = append(again, d)
		}
	}
	if len(again) != 1 {
		t.Fatalf("%d new rows", len(again))
	}
	d := again[0]
	if *d.VendorID == *old.VendorID || !vendorID.MatchString(*d.VendorID) || d.Model != old.Model || d.User != old.User || d.MDM.Status != "REGISTERED" {
		t.Errorf("the new row: %+v", d)
	}
	f.advance("60d")
	if row := f.device(old.DeviceID); row.LastAccessTime.After(f.clock.Now().Add(time.Hour)) {
		t.Errorf("the old row was accessed at %s", row.LastAccessTime)
	}
	if row := f.device(d.DeviceID); !row.LastAccessTime.After(d.LastAccessTime.Add(30 * 24 * time.Hour)) {
		t.Errorf("the new row was last accessed at %s", row.LastAccessTime)
	}
}

func TestCommandExpires(t *testing.T) {
	f := open(t, func(o *sandbox.Options) { o.Seed = seed.Options{Devices: 1000} })
	d := f.pick("type=MOBILE&mdmStatus=REGISTERED", func(d device) bool {
		return f.clock.Now().Sub(d.LastAccessTime) > 200*24*time.Hour
	})
	c := f.ask("wipe", d.DeviceID)
	f.advance("29d")
	if got := f.command(c.CommandID); got.Status != "REQUESTED" {
		t.Fatalf("after 29 days: %+v", got)
	}
	f.advance("1d")
	if got := f.command(c.CommandID); got.Status != "EXPIRED" || got.Failure == nil {
		t.Errorf("after 30 days: %+v", got)
	}
}

// Whole fleets under commands: everything that a command can become happens,
// members register, switch off and update.
func TestFleetLives(t *testing.T) {
	f := open(t, func(o *sandbox.Options) { o.Seed = seed.Options{Devices: 1000} })
	devices := f.list("type=MOBILE&mdmStatus=REGISTERED")
	commands := map[string]string{}
	for _, d := range devices {
		commands[f.ask("wipe", d.DeviceID).CommandID] = d.DeviceID
	}
	pending := f.list("mdmStatus=PENDING")
	outdated := f.list("type=MOBILE&appVersionMax=4.2.1&accessedAfter=2026-11-13T09:00:00%2B09:00")
	told := ids(outdated[:min(100, len(outdated))])
	f.post(notifyPath, notice("MOBILE", told...)).want(200)
	f.advance("40d")
	ends := map[string]int{}
	for id := range commands {
		ends[f.command(id).Status]++
	}
	for _, status := range []string{"COMPLETED", "FAILED", "EXPIRED"} {
		if ends[status] == 0 {
			t.Errorf("no command became %s: %v", status, ends)
		}
	}
	if ends["REQUESTED"]+ends["DELIVERED"] > 0 {
		t.Errorf("after 40 days some commands wait: %v", ends)
	}
	states := map[string]int{}
	for _, d := range pending {
		states[f.device(d.DeviceID).MDM.Status]++
	}
	if states["REGISTERED"] == 0 || states["PENDING"] == 0 {
		t.Errorf("of the devices that were PENDING: %v", states)
	}
	updated := 0
	for i, id := range told {
		if f.device(id).App.Version != outdated[i].App.Version {
			updated++
		}
	}
	if updated == 0 || updated == len(told) {
		t.Errorf("%d of %d members updated their app", updated, len(told))
	}
	f.advance("200d")
	off := 0
	now := f.list("type=MOBILE&mdmStatus=UNREGISTERED")
	for _, d := range devices {
		if slices.ContainsFunc(now, func(n device) bool { return n.DeviceID == d.DeviceID }) {
			off++
		}
	}
	if off == 0 || off > len(devices)/3 {
		t.Errorf("%d of %d members switched MDM off", off, len(devices))
	}
}

// Time that passes, time that is advanced in one leap and time that is looked
// at every day come to the same world.
func TestTimeIsTimeHoweverItPasses(t *testing.T) {
	ways := map[string]func(*fixture){
		"one leap":      func(f *fixture) { f.advance("45d") },
		"really passed": func(f *fixture) { f.clock.pass(45 * 24 * time.Hour) },
		"day by day": func(f *fixture) {
			for range 45 {
				f.advance("1d")
				f.get("/security/devices").want(200)
			}
		},
	}
	var want string
	for name, pass := range ways {
		f := open(t, settings(func(s *sandbox.Settings) { s.TokenSeconds, s.RateLimit = 1e8, 0 }))
		for i, d := range f.list("type=MOBILE&mdmStatus=REGISTERED") {
			f.ask([]string{"wipe", "reset"}[i%2], d.DeviceID)
		}
		f.post("/security/devices/"+f.pick("type=MOBILE&mdmStatus=UNREGISTERED", func(d device) bool {
			return d.MDM.Provider == "NONE"
		}).DeviceID+"/mdm/enable", nil).want(202)
		pass(f)
		got, err := json.MarshalIndent([]any{f.list(""), commandsOf(f)}, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = string(got)
		}
		if d := cmp.Diff(want, string(got)); d != "" {
			t.Errorf("%s differs:\n%s", name, d)
		}
	}
}

func commandsOf(f *fixture) []command {
	var p struct{ DeviceCommands []command }
	f.get("/security/device-commands?count=1000").want(200).into(&p)
	for i := range p.DeviceCommands {
		p.DeviceCommands[i].IdempotencyKey = nil // drawn by the test
	}
	return p.DeviceCommands
}

// A factory reset takes every account on the phone, a wipe only the one that
// is signed in (rules R17, R18).
func TestResetConcernsEveryRowOfThePhone(t *testing.T) {
	f := open(t, func(o *sandbox.Options) { o.Seed = seed.Options{Devices: 3000} })
	seen, resets := map[string]device{}, 0
	for _, d := range f.list("type=MOBILE&mdmStatus=REGISTERED") {
		other, second := seen[*d.SerialNumber+d.Model]
		if seen[*d.SerialNumber+d.Model] = d; !second {
			continue
		}
		f.trigger(d.DeviceID, "sign-in")
		f.trigger(other.DeviceID, "sign-in")
		c := f.ask("reset", d.DeviceID)
		f.trigger(d.DeviceID, "online")
		f.advance("15m")
		status := 409 // nobody is signed in
		if f.command(c.CommandID).Status == "FAILED" {
			status = 204
		} else {
			resets++
		}
		f.do(http.MethodPost, sandbox.AdminPath+"/devices/"+other.DeviceID+"/online", nil).want(status)
	}
	if resets == 0 {
		t.Error("no phone with two rows was reset")
	}
}
