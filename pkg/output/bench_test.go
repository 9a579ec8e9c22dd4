package output_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"testing"

	"github.com/worksctl/worksctl/pkg/output"
)

func wideRow() record {
	return record{
		"5e0c2f8e-4f89-41d3-9a0c-0305e82c3301", "10000001", "MOBILE", "iPhone 15 Pro", "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
		"F2LXK0QZ0D91", "9b1d0c2f-4f89-41d3-9a0c-0305e82c3301", "홍길동", "gildong.hong@example.com", "IOS", "18.1.1",
		"WORKS_MOBILE", "4.2.1", "REGISTERED", "NAVER_WORKS", "2026-11-20T10:15:00+09:00",
	}
}

func wideNames() []string {
	return []string{
		"device_id", "domain_id", "type", "model", "vendor_id", "serial_number", "user_id", "user_name", "user_email",
		"os", "os_version", "app", "app_version", "mdm_status", "mdm_provider", "last_access",
	}
}

func benchmark(b *testing.B, s output.Sink[record]) {
	r := wideRow()
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Write(r); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

func appendJSON(dst []byte, r record) ([]byte, error) {
	b, err := json.Marshal([]string(r))
	return append(dst, b...), err
}

func BenchmarkCSV(b *testing.B) {
	benchmark(b, output.NewCSV(io.Discard, recordColumns(wideNames()...), false))
}

func BenchmarkEncodingCSV(b *testing.B) {
	w, cols, r := csv.NewWriter(io.Discard), recordColumns(wideNames()...), wideRow()
	cells := make([]string, len(cols))
	b.ReportAllocs()
	for b.Loop() {
		for i := range cols {
			cells[i] = cols[i].Value(r)
		}
		if err := w.Write(cells); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExcelCSV(b *testing.B) {
	benchmark(b, output.NewExcelCSV(io.Discard, recordColumns(wideNames()...), false))
}

func BenchmarkNDJSON(b *testing.B) { benchmark(b, output.NewNDJSON(io.Discard, appendJSON)) }

func BenchmarkEncodingJSON(b *testing.B) {
	w, r := json.NewEncoder(io.Discard), wideRow()
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Encode([]string(r)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkYAML(b *testing.B) { benchmark(b, output.NewYAML(io.Discard, appendJSON)) }
func BenchmarkTable(b *testing.B) {
	benchmark(b, output.NewTable(io.Discard, recordColumns(wideNames()...), 120, false))
}
func BenchmarkXLSX(b *testing.B) {
	benchmark(b, output.NewXLSX(io.Discard, recordColumns(wideNames()...)))
}

func BenchmarkJQ(b *testing.B) {
	q, err := output.NewJQ(".[0]")
	if err != nil {
		b.Fatal(err)
	}
	s, err := output.New(io.Discard, output.NDJSON, nil, output.Options[record]{JQ: q, Encode: appendJSON})
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, s)
}

func BenchmarkClean(b *testing.B) {
	r := wideRow()
	for b.Loop() {
		for _, s := range r {
			_ = output.Clean(s)
		}
	}
}
