package job_test

import (
	"os"
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

// Whatever goes wrong on the way, and however often a job is resumed: by the
// back end's own count nobody is notified twice, and the journal is right.
func TestNoticesAreHonest(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		home, err := os.MkdirTemp(folder, "")
		if err != nil {
			t.Fatal(err)
		}
		c := newCampaign(t, home, rapid.IntRange(1, 350).Draw(t, "devices"))
		devices := append([]api.Device(nil), c.devices...)
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(devices)-1), 0, 3).Draw(t, "bad ids") {
			bad := devices[i]
			bad.DeviceID = "no id"
			devices = append(devices, bad)
			break
		}
		for range rapid.IntRange(0, 4).Draw(t, "faults") {
			c.disturb(anyFault(t))
		}
		j := c.plan(devices)
		for range 100 { // more than there can be disturbed requests
			if err = c.runner().Run(t.Context(), j); err == nil {
				break
			}
			j = c.again(j)
		}
		if err != nil {
			t.Fatal("the job comes to no end:", err)
		}
		c.honest(j)
		for i := range j.Len() {
			if s := j.Outcome(i).Status; s == journal.Sending && j.Outcome(i).Code != "OUTCOME_UNKNOWN" {
				t.Errorf("item %d is %+v", i, j.Outcome(i))
			}
		}
		// Another job reaches those that surely were not notified, and no others.
		c.clearFaults()
		other := c.send(devices)
		told := c.told()
		for i := range devices {
			if n := told[devices[i].DeviceID]; n > 1 || n == 0 && j.Outcome(i).Status == journal.Sent {
				t.Errorf("item %d: notified %d times", i, n)
			}
			if s := other.Outcome(i).Status; s == journal.Sent && j.Outcome(i).Status != journal.Failed {
				t.Errorf("item %d: %s at first, then sent", i, j.Outcome(i).Status)
			}
		}
	})
}

func anyFault(t *rapid.T) sandbox.Fault {
	f := sandbox.Fault{
		After: rapid.IntRange(0, 12).Draw(t, "after"),
		Times: rapid.IntRange(1, 12).Draw(t, "times"),
		Acts:  rapid.Bool().Draw(t, "acts"),
	}
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		f.Kind = "drop-before"
	case 1:
		f.Kind = "drop-after"
	case 2:
		f.Kind = "cut-body"
	case 3:
		f.Kind = "non-json"
	case 4:
		f.Kind = "expired-token"
	default:
		f.Kind = "status"
		f.Status = rapid.SampledFrom([]int{400, 403, 404, 408, 429, 500, 501, 502, 503, 504}).Draw(t, "status")
		if f.Status == 429 || f.Status == 503 && rapid.Bool().Draw(t, "told") {
			f.RetryAfter, f.Acts = "1", false // by the contract, not carried out
		}
		f.Acts = f.Acts && f.Status >= 408 && f.Status != 501
	}
	return f
}
