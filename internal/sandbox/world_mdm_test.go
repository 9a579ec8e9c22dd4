package sandbox_test

import (
	"testing"

	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

// Members who switch MDM off take the commands with them that wait.
func TestMemberSwitchesOffWhileACommandWaits(t *testing.T) {
	f := open(t, func(o *sandbox.Options) { o.Seed = seed.Options{Devices: 1000} })
	f.advance("15d")
	canceled := 0
	for range 7 { // every device is asked again as long as it can be
		var asked []command
		for _, d := range f.list("type=MOBILE&mdmStatus=REGISTERED&accessedBefore=2026-11-01T00:00:00Z") {
			r := f.post("/security/devices/"+d.DeviceID+"/wipe", map[string]string{"reason": "lost"})
			if r.status == 202 {
				var c command
				r.into(&c)
				asked = append(asked, c)
			}
		}
		f.advance("31d")
		for _, c := range asked {
			if got := f.command(c.CommandID); got.Status == "CANCELED" && got.Failure.Code == "MDM_DISABLED" {
				canceled++
			}
		}
	}
	if canceled == 0 {
		t.Error("no waiting command was canceled by a member")
	}
}

func TestRequiredMDMSignsOutWhoDoesNotRegister(t *testing.T) {
	f := open(t, func(o *sandbox.Options) { o.Seed = seed.Options{Devices: 1000} })
	f.post("/security/mdm/enable", domain("REQUIRED")).want(204)
	if n := len(f.list("type=MOBILE&mdmStatus=UNREGISTERED&accessedAfter=2026-11-19T00:00:00Z")); n != external(f) {
		t.Errorf("%d devices were not asked", n)
	}
	f.advance("30d")
	out := 0
	for _, d := range f.list("type=MOBILE&mdmStatus=PENDING&accessedAfter=2026-11-20T00:00:00Z") {
		if d.LastAccessTime.After(f.clock.Now().AddDate(0, 0, 10)) {
			t.Errorf("%s is not registered and was used at %s", d.DeviceID, d.LastAccessTime)
		}
		out++
	}
	if out == 0 {
		t.Error("everybody registered")
	}
}

func external(f *fixture) (n int) {
	for _, d := range f.list("type=MOBILE&accessedAfter=2026-11-19T00:00:00Z") {
		if d.MDM.Provider == "EXTERNAL" {
			n++
		}
	}
	return n
}
