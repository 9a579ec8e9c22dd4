package job_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/pkg/api"
)

func (l *lab) read(ids []string) []job.Found {
	l.t.Helper()
	var all []job.Found
	for f, err := range l.runner.Read(l.t.Context(), labDomain, ids) {
		if err != nil {
			l.t.Fatal(err)
		}
		if f.Device != nil && f.Device.DeviceID != f.ID {
			l.t.Errorf("found device %s for %s", f.Device.DeviceID, f.ID)
		}
		all = append(all, f)
	}
	return all
}

func TestReadFewAndMany(t *testing.T) {
	l := newLab(t)
	var gets, lists atomic.Int32
	l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, sandbox.APIPath+"/security/devices/") {
			gets.Add(1)
		} else {
			lists.Add(1)
		}
		l.backend.ServeHTTP(w, r)
	})
	var ids []string
	for _, d := range l.devices(api.DeviceQuery{}) {
		ids = append(ids, d.DeviceID)
	}
	slices.Reverse(ids)
	absent := []string{"5e0c2f8e-0000-4000-8000-000000000001", "no id", "", ".."}
	for _, tt := range []struct{ n, gets, lists int }{{10, 12, 0}, {96, 98, 0}, {97, 2, 1}, {len(ids), 2, 1}} {
		gets.Store(0)
		lists.Store(0)
		want := slices.Concat(ids[:tt.n], absent)
		got := l.read(want)
		var seen []string
		for _, f := range got {
			seen = append(seen, f.ID)
			if (f.Device == nil) != slices.Contains(absent, f.ID) {
				t.Errorf("%q: found %v", f.ID, f.Device)
			}
		}
		if tt.lists > 0 {
			slices.Sort(seen)
			slices.Sort(want)
		}
		if !slices.Equal(seen, want) {
			t.Errorf("%d ids: found %d, or in another order", tt.n, len(seen))
		}
		if int(gets.Load()) != tt.gets || int(lists.Load()) != tt.lists {
			t.Errorf("%d ids: %d requests for a device, %d for a list", tt.n, gets.Load(), lists.Load())
		}
	}
}

func TestReadNamesARepeatedDeviceEachTime(t *testing.T) {
	l := newLab(t)
	id := l.phone(0).DeviceID
	ids := slices.Repeat([]string{id}, 101)
	if got := l.read(ids); len(got) != 101 || got[100].Device == nil {
		t.Errorf("found %d", len(got))
	}
}

func TestReadStopsWhenItsReaderDoes(t *testing.T) {
	l := newLab(t)
	var ids []string
	for i := range 101 {
		ids = append(ids, fmt.Sprint(i))
	}
	for _, err := range l.runner.Read(t.Context(), labDomain, append(ids, l.phone(0).DeviceID)) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
}

// TestReadTakesNoOtherDevice has a server that answers with the wrong one.
func TestReadTakesNoOtherDevice(t *testing.T) {
	l := newLab(t)
	p := l.phones(false)
	l.server = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.Replace(r.URL.Path, p[0].DeviceID, p[1].DeviceID, 1)
		l.backend.ServeHTTP(w, r)
	})
	for _, err := range l.runner.Read(t.Context(), labDomain, []string{p[0].DeviceID}) {
		if err == nil || !strings.Contains(err.Error(), p[1].DeviceID) {
			t.Errorf("the error is %v", err)
		}
	}
}
