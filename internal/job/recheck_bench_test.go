package job_test

import (
	"testing"

	"github.com/worksctl/worksctl/pkg/api"
)

// BenchmarkRecheck reads a hundred thousand planned devices again, which a
// resumed job does before its first request. Most of its time is the server's.
func BenchmarkRecheck(b *testing.B) {
	l := newLabOf(b, 100_000)
	all := l.devices(api.DeviceQuery{})
	list := make([]*api.Device, len(all))
	for i := range all {
		list[i] = &all[i]
	}
	j := l.begin(notice(), list...)
	for b.Loop() {
		l.recheck(j)
	}
}
