package devicefile_test

import (
	"bytes"
	"strconv"
	"testing"

	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

func BenchmarkRead(b *testing.B) {
	const rows = 10_000
	devices := make([]api.Device, rows)
	for i := range devices {
		devices[i] = with(func(d *api.Device) { d.DeviceID = strconv.Itoa(i) })
	}
	for _, f := range []output.Format{output.CSV, output.ExcelCSV, output.NDJSON, output.JSON, output.XLSX} {
		content := export(b, f, devices...)
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				file, err := devicefile.New("devices", bytes.NewReader(content), devicefile.Options{})
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for _, err := range file.Devices(b.Context()) {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if err := file.Close(); err != nil || n != rows {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "devices/s")
		})
	}
}
