package api

import (
	"encoding/json"
	"fmt"
	"testing"
)

// pageOf renders a page of n devices as a back end would.
func pageOf(n int, next string) []byte {
	body := []byte(`{"devices":[`)
	for i := range n {
		if i > 0 {
			body = append(body, ',')
		}
		d := sampleDevice(i)
		body = d.AppendJSON(body)
	}
	return fmt.Appendf(body, `],"responseMetaData":{"nextCursor":%q}}`, next)
}

func sampleDevice(i int) Device {
	return Device{
		DeviceID: fmt.Sprintf("5e0c2f8e-0000-4000-8000-%012d", i), DomainID: 10000001, Type: TypeMobile,
		Model: []string{"iPhone 15 Pro", "Galaxy S24", "Pixel 9"}[i%3], VendorID: Nullable(fmt.Sprintf("3F2504E0-4F89-11D3-9A0C-%012X", i)),
		SerialNumber: Nullable(fmt.Sprintf("F2LXK0Q%05d", i)),
		User:         User{fmt.Sprintf("9b1d0000-0000-4000-8000-%012d", i/2), fmt.Sprintf("member%d@example.com", i/2), "홍길동"},
		OS:           OS{OSIOS, "18.1.1"}, App: App{AppWorksMobile, fmt.Sprintf("4.2.%d", i%7)}, MDM: MDM{MDMRegistered, ProviderNaverWorks},
		LastAccessTime: fmt.Sprintf("2026-11-%02dT10:15:00+09:00", i%28+1),
	}
}

func BenchmarkDecodePage(b *testing.B) {
	body := pageOf(1000, "kBhF+/8=")
	perDevice := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/device")
	}
	b.Run("jsontext", func(b *testing.B) {
		b.ReportAllocs()
		r := newReader()
		var rows []Device
		for b.Loop() {
			var err error
			if rows, _, err = page(r, body, "list", "devices", (*reader).device, rows); err != nil || len(rows) != 1000 {
				b.Fatal(err)
			}
		}
		perDevice(b)
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var p struct {
				Devices          []Device `json:"devices"`
				ResponseMetaData struct {
					NextCursor string `json:"nextCursor"`
				} `json:"responseMetaData"`
			}
			if err := json.Unmarshal(body, &p); err != nil || len(p.Devices) != 1000 {
				b.Fatal(err)
			}
		}
		perDevice(b)
	})
}

func BenchmarkAppendJSON(b *testing.B) {
	d := sampleDevice(1)
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = d.AppendJSON(dst[:0])
	}
}

func BenchmarkSeenSet(b *testing.B) {
	ids := make([]string, 100_000)
	for i := range ids {
		ids[i] = fmt.Sprintf("5e0c2f8e-0000-4000-8000-%012d", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		s := newSeenSet()
		for _, id := range ids {
			if !s.add(id) {
				b.Fatal("a new id was taken for an old one")
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100_000, "ns/device")
}
