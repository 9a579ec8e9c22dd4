package api_test

import (
	"net/http"
	"testing"

	"github.com/worksctl/worksctl/pkg/api"
)

// TestNoPageBeyondWhatIsWanted breaks a listing off after so many devices. The
// second run of it has the first one's counts before it.
func TestNoPageBeyondWhatIsWanted(t *testing.T) {
	for name, tc := range map[string]struct{ want, requests int }{
		"the first page is enough":   {5, 1},
		"a page to its last row":     {100, 1},
		"one row of the second page": {101, 2},
		"three pages":                {250, 3},
		"more than there are":        {5000, 10},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBackend(t, pageServer(1000, 100, refuse(http.StatusBadRequest, "OUT_OF_RANGE")))
			c, _ := newClient(t, b.URL)
			seq := c.Devices.All(t.Context(), api.DeviceQuery{Count: 100, Want: tc.want}, &api.ListStats{})
			for run := range 2 {
				n := 0
				for _, err := range seq {
					if err != nil {
						t.Fatal(err)
					}
					if n++; n == tc.want {
						break
					}
				}
				if got := b.count(); n != min(tc.want, 1000) || got != (run+1)*tc.requests {
					t.Errorf("run %d: %d devices, %d requests so far", run, n, got)
				}
			}
		})
	}
}

// TestWantLeavesNoDeviceOut reads on where the devices wanted were not enough:
// filters of the consumer dropped some, or a page held known ones.
func TestWantLeavesNoDeviceOut(t *testing.T) {
	second := make(chan struct{})
	b := newBackend(t, devices("k", "a", "b"), func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("cursor") == "l" {
			close(second)
			devices("", "d")(w, r)
			return
		}
		devices("l", "b", "c")(w, r)
	})
	c, _ := newClient(t, b.URL)
	got := ""
	for d, err := range c.Devices.All(t.Context(), api.DeviceQuery{Want: 2}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		if got += d.DeviceID; got == "abc" {
			<-second // from here on pages come ahead again
		}
	}
	if got != "abcd" {
		t.Errorf("devices %s", got)
	}
}
