package fleet_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// verdicts is what is expected of every action × device × tenant, written down
// from the rules of the product. Each combination has exactly one line: * is
// any value, ? one that this version doesn't know, none included.
const verdicts = `
# action           type             provider             status               mode               third-party  verdict
notify             ?                *                    *                    *                  *            impossible UNKNOWN_LIST
notify             MOBILE           *                    *                    *                  *            possible
notify             PC               *                    *                    *                  *            possible
notify             DRIVE_MOBILE     *                    *                    *                  *            possible

wipe               PC,DRIVE_MOBILE  *                    *                    *                  *            impossible NOT_MOBILE
wipe               ?                *                    *                    *                  *            impossible UNKNOWN_STATE
wipe               MOBILE           EXTERNAL             *                    *                  *            impossible EXTERNAL_MDM
wipe               MOBILE           NAVER_WORKS,NONE,?   *                    *                  yes          impossible EXTERNAL_MDM
wipe               MOBILE           NAVER_WORKS,NONE,?   *                    NOT_IN_USE         no           impossible MDM_NOT_IN_USE
wipe               MOBILE           NAVER_WORKS,NONE,?   *                    ?                  no           impossible UNKNOWN_STATE
wipe               MOBILE           ?                    *                    OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
wipe               MOBILE           NAVER_WORKS,NONE     ?                    OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
wipe               MOBILE           NONE                 REGISTERED           OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
wipe               MOBILE           NAVER_WORKS,NONE     PENDING              OPTIONAL,REQUIRED  no           impossible MDM_NOT_REGISTERED
wipe               MOBILE           NAVER_WORKS,NONE     UNREGISTERED         OPTIONAL,REQUIRED  no           impossible MDM_NOT_REGISTERED
wipe               MOBILE           NAVER_WORKS          REGISTERED           OPTIONAL           no           possible
wipe               MOBILE           NAVER_WORKS          REGISTERED           REQUIRED           no           possible

reset              PC               *                    *                    *                  *            impossible NOT_MOBILE
reset              DRIVE_MOBILE     *                    *                    *                  *            impossible NOT_MOBILE
reset              ?                *                    *                    *                  *            impossible UNKNOWN_STATE
reset              MOBILE           EXTERNAL             *                    *                  *            impossible EXTERNAL_MDM
reset              MOBILE           NAVER_WORKS,NONE,?   *                    *                  yes          impossible EXTERNAL_MDM
reset              MOBILE           NAVER_WORKS,NONE,?   *                    NOT_IN_USE         no           impossible MDM_NOT_IN_USE
reset              MOBILE           NAVER_WORKS,NONE,?   *                    ?                  no           impossible UNKNOWN_STATE
reset              MOBILE           ?                    *                    OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
reset              MOBILE           NAVER_WORKS,NONE     ?                    OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
reset              MOBILE           NONE                 REGISTERED           OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
reset              MOBILE           NAVER_WORKS,NONE     PENDING              OPTIONAL,REQUIRED  no           impossible MDM_NOT_REGISTERED
reset              MOBILE           NAVER_WORKS,NONE     UNREGISTERED         OPTIONAL,REQUIRED  no           impossible MDM_NOT_REGISTERED
reset              MOBILE           NAVER_WORKS          REGISTERED           OPTIONAL,REQUIRED  no           possible

mdm-enable         PC,DRIVE_MOBILE  *                    *                    *                  *            impossible NOT_MOBILE
mdm-enable         ?                *                    *                    *                  *            impossible UNKNOWN_STATE
mdm-enable         MOBILE           EXTERNAL             *                    *                  *            impossible EXTERNAL_MDM
mdm-enable         MOBILE           NAVER_WORKS,NONE,?   *                    *                  yes          impossible EXTERNAL_MDM
mdm-enable         MOBILE           NAVER_WORKS,NONE,?   *                    NOT_IN_USE         no           impossible MDM_NOT_IN_USE
mdm-enable         MOBILE           NAVER_WORKS,NONE,?   *                    ?                  no           impossible UNKNOWN_STATE
mdm-enable         MOBILE           ?                    *                    OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
mdm-enable         MOBILE           NAVER_WORKS,NONE     ?                    OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
mdm-enable         MOBILE           NONE                 REGISTERED           OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
mdm-enable         MOBILE           NAVER_WORKS,NONE     PENDING              OPTIONAL,REQUIRED  no           possible
mdm-enable         MOBILE           NAVER_WORKS,NONE     UNREGISTERED         OPTIONAL,REQUIRED  no           possible
mdm-enable         MOBILE           NAVER_WORKS          REGISTERED           OPTIONAL,REQUIRED  no           pointless ALREADY_REGISTERED

mdm-disable        PC,DRIVE_MOBILE  *                    *                    *                  *            impossible NOT_MOBILE
mdm-disable        ?                *                    *                    *                  *            impossible UNKNOWN_STATE
mdm-disable        MOBILE           EXTERNAL             *                    *                  *            impossible EXTERNAL_MDM
mdm-disable        MOBILE           NAVER_WORKS,NONE,?   *                    *                  yes          impossible EXTERNAL_MDM
mdm-disable        MOBILE           NAVER_WORKS,NONE,?   *                    NOT_IN_USE         no           pointless MDM_NOT_IN_USE
mdm-disable        MOBILE           NAVER_WORKS,NONE,?   *                    ?                  no           impossible UNKNOWN_STATE
mdm-disable        MOBILE           ?                    *                    OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
mdm-disable        MOBILE           NAVER_WORKS,NONE     ?                    OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
mdm-disable        MOBILE           NONE                 REGISTERED           OPTIONAL,REQUIRED  no           impossible UNKNOWN_STATE
mdm-disable        MOBILE           NAVER_WORKS,NONE     PENDING              OPTIONAL,REQUIRED  no           possible
mdm-disable        MOBILE           NAVER_WORKS,NONE     UNREGISTERED         OPTIONAL,REQUIRED  no           pointless NOT_REGISTERED
mdm-disable        MOBILE           NAVER_WORKS          REGISTERED           OPTIONAL,REQUIRED  no           possible

future             *                *                    *                    *                  *            impossible UNKNOWN_ACTION
`

// dimensions are the values of the first six columns.
func dimensions() [6][]string {
	return [6][]string{
		{"notify", "wipe", "reset", "mdm-enable", "mdm-disable", "future"},
		{"MOBILE", "PC", "DRIVE_MOBILE", "", "TABLET"},
		{"NAVER_WORKS", "EXTERNAL", "NONE", "", "PARTNER"},
		{"REGISTERED", "PENDING", "UNREGISTERED", "", "LOST"},
		{"NOT_IN_USE", "OPTIONAL", "REQUIRED", "", "TRIAL"},
		{"yes", "no"},
	}
}

func TestEveryVerdict(t *testing.T) {
	lines := verdictLines(t)
	used := make([]bool, len(lines))
	n := 0
	eachCombination(dimensions(), func(c []string) {
		n++
		at := -1
		for i, l := range lines {
			if !l.covers(c) {
				continue
			}
			if at >= 0 {
				t.Fatalf("%q has two lines: %q and %q", c, lines[at], l)
			}
			at, used[i] = i, true
		}
		if at < 0 {
			t.Fatalf("%q has no line", c)
		}
		v := judge(c)
		if got := strings.TrimSpace(string(v.Outcome) + " " + v.Code); got != strings.Join(lines[at][6:], " ") {
			t.Errorf("%q: got %s, want %s", c, got, lines[at][6:])
		}
		wantWords(t, c, v)
	})
	for i, l := range lines {
		if !used[i] {
			t.Errorf("no combination for %q", l)
		}
	}
	if n != 6*5*5*5*5*2 {
		t.Errorf("%d combinations", n)
	}
}

func judge(c []string) fleet.Verdict {
	d := with(func(d *api.Device) {
		d.Type, d.MDM = api.DeviceType(c[1]), api.MDM{Provider: api.MDMProvider(c[2]), Status: api.MDMStatus(c[3])}
	})
	return fleet.Judge(fleet.Action(c[0]), &d, fleet.Tenant{Mode: api.MDMMode(c[4]), External: c[5] == "yes"})
}

// wantWords checks that a verdict speaks as long as there is something to say.
func wantWords(t *testing.T, c []string, v fleet.Verdict) {
	t.Helper()
	if says := v.Reason != ""; says == (v.Outcome == fleet.Possible) {
		t.Errorf("%q: %s, reason %q", c, v.Outcome, v.Reason)
	}
	if helps := v.Remedy != ""; helps != (v.Outcome == fleet.Impossible) {
		t.Errorf("%q: %s, remedy %q", c, v.Outcome, v.Remedy)
	}
	for _, text := range []string{v.Reason, v.Remedy} {
		if strings.ContainsAny(text, "\n%") || strings.HasSuffix(text, ".") || strings.Contains(text, "  ") || strings.HasPrefix(text, " ") {
			t.Errorf("%q: %q", c, text)
		}
	}
}

type verdictLine []string

func verdictLines(t *testing.T) []verdictLine {
	var lines []verdictLine
	for text := range strings.Lines(verdicts) {
		fields := strings.Fields(text)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		if len(fields) < 7 {
			t.Fatalf("short line %q", text)
		}
		lines = append(lines, fields)
	}
	return lines
}

func (l verdictLine) covers(c []string) bool {
	for i, value := range c {
		if slices.Contains([]string{"", "TABLET", "PARTNER", "LOST", "TRIAL"}, value) {
			value = "?"
		}
		if l[i] != "*" && !slices.Contains(strings.Split(l[i], ","), value) {
			return false
		}
	}
	return true
}

func eachCombination(dims [6][]string, visit func([]string)) {
	c := make([]string, len(dims))
	var choose func(int)
	choose = func(at int) {
		if at == len(dims) {
			visit(c)
			return
		}
		for _, c[at] = range dims[at] {
			choose(at + 1)
		}
	}
	choose(0)
}

// What a person reads names the cause and what to type.
func TestVerdictsInWords(t *testing.T) {
	id, member := phone().DeviceID, phone().User.UserID
	for _, tt := range []struct{ combination, reason, remedy string }{
		{"wipe PC NONE UNREGISTERED REQUIRED no", "only devices of the mobile list can be wiped; this one is of the pc list", "sign the member out everywhere"},
		{"reset DRIVE_MOBILE NONE UNREGISTERED REQUIRED no", "can be reset; this one is of the drive list", "worksctl devices list --type mobile --user " + member},
		{"mdm-enable PC NONE UNREGISTERED REQUIRED no", "can be managed remotely", "worksctl devices list --type mobile --user " + member},
		{"wipe MOBILE EXTERNAL UNREGISTERED OPTIONAL no", "a third-party MDM manages this device", "wipe it in that MDM's own console"},
		{"reset MOBILE NONE UNREGISTERED OPTIONAL yes", "in use for this domain", "reset it in that MDM's own console"},
		{"mdm-disable MOBILE EXTERNAL UNREGISTERED OPTIONAL no", "third-party MDM", "end its management in that MDM's own console"},
		{"mdm-enable MOBILE NONE UNREGISTERED NOT_IN_USE no", "NAVER WORKS MDM is not in use", "switch it on first: worksctl mdm enable --tenant --mode optional"},
		{"wipe MOBILE NONE UNREGISTERED NOT_IN_USE no", "NAVER WORKS MDM is not in use", "sign the member out everywhere"},
		{"wipe MOBILE NAVER_WORKS PENDING OPTIONAL no", "was asked to register this device", "ask again: worksctl mdm enable " + id},
		{"reset MOBILE NONE UNREGISTERED REQUIRED no", "not registered for remote management", "worksctl mdm enable " + id},
		{"wipe TABLET NONE UNREGISTERED REQUIRED no", `the list "TABLET"`, "update worksctl"},
		{"wipe MOBILE NAVER_WORKS REGISTERED TRIAL no", `the MDM mode of the domain "TRIAL"`, "update worksctl"},
		{"wipe MOBILE PARTNER REGISTERED REQUIRED no", `the MDM provider "PARTNER"`, "update worksctl"},
		{"wipe MOBILE NAVER_WORKS LOST REQUIRED no", `the MDM status "LOST"`, "update worksctl"},
		{"wipe MOBILE NONE REGISTERED REQUIRED no", "registered, but under no MDM", "admin console"},
		{"notify TABLET NONE UNREGISTERED REQUIRED no", `the list "TABLET"`, "update worksctl"},
		{"future MOBILE NONE UNREGISTERED REQUIRED no", `the action "future"`, "update worksctl"},
	} {
		v := judge(strings.Fields(tt.combination))
		if !strings.Contains(v.Reason, tt.reason) || !strings.Contains(v.Remedy, tt.remedy) {
			t.Errorf("%s:\n%s\n%s", tt.combination, v.Reason, v.Remedy)
		}
	}
}

// What a server names must not become a command of the person's shell.
func TestRemediesAreSafeToPaste(t *testing.T) {
	d := with(func(d *api.Device) {
		d.DeviceID, d.User.UserID, d.MDM.Status = "a; reboot", "$(reboot)", api.MDMUnregistered
	})
	tenant := fleet.Tenant{Mode: api.MDMOptional}
	if v := fleet.Judge(fleet.Wipe, &d, tenant); !strings.HasSuffix(v.Remedy, "worksctl mdm enable 'a; reboot'") {
		t.Error(v.Remedy)
	}
	d.Type = api.TypeDriveMobile
	if v := fleet.Judge(fleet.Wipe, &d, tenant); !strings.HasSuffix(v.Remedy, "--user '$(reboot)'") {
		t.Error(v.Remedy)
	}
	d.User = api.User{}
	if v := fleet.Judge(fleet.Wipe, &d, tenant); !strings.HasSuffix(v.Remedy, "--type mobile") {
		t.Error(v.Remedy)
	}
}

func TestEmptyValuesAreSaidToBeMissing(t *testing.T) {
	d := with(func(d *api.Device) { d.MDM.Status = "" })
	if v := fleet.Judge(fleet.Reset, &d, fleet.Tenant{Mode: api.MDMRequired}); v.Reason != "the server names no MDM status" {
		t.Error(v.Reason)
	}
}
