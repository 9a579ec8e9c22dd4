package xlsx_test

import (
	"bytes"
	"io"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/worksctl/worksctl/pkg/xlsx"
)

// deviceRow has 17 cells, as an export of devices has; n makes it differ.
func deviceRow(n int) []string {
	id := strconv.FormatUint(uint64(n)*0x9E3779B97F4A7C15, 16)
	return []string{
		"W" + id + "0123456789ABCDEFG", "5e0c2f8e-4f89-41d3-9a0c-" + id, "10000001", "MOBILE", "iPhone 15 Pro", "3F2504E0-4F89-11D3-9A0C-" + id,
		"F2LX" + id[:8], "9b1d0c2f-4f89-41d3-9a0c-" + id, "홍길동", "gildong.hong" + strconv.Itoa(n) + "@example.com", "IOS", "18.1.1",
		"WORKS_MOBILE", "4.2.1", "REGISTERED", "NAVER_WORKS", "2026-11-20T10:15:" + strconv.Itoa(10+n%50) + "+09:00",
	}
}

func deviceRows(n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = deviceRow(i + 1)
	}
	return rows
}

const benchRows = 10_000

func BenchmarkWrite(b *testing.B) {
	rows := deviceRows(benchRows)
	for name, write := range map[string]func(io.Writer, [][]string) error{"own": writeOwn, "excelize": writeExcelize} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var size countWriter
			for b.Loop() {
				size = 0
				if err := write(&size, rows); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
			b.ReportMetric(float64(size)/benchRows, "B-file/row")
		})
	}
}

type countWriter int

func (c *countWriter) Write(p []byte) (int, error) {
	*c += countWriter(len(p))
	return len(p), nil
}

func writeOwn(w io.Writer, rows [][]string) error {
	x, err := xlsx.NewWriter(w, xlsx.Options{})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := x.WriteRow(r); err != nil {
			return err
		}
	}
	return x.Close()
}

func writeExcelize(w io.Writer, rows [][]string) error {
	f := excelize.NewFile()
	s, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	cells := make([]any, len(rows[0]))
	for i, r := range rows {
		for j, cell := range r {
			cells[j] = cell
		}
		if err := s.SetRow("A"+strconv.Itoa(i+1), cells); err != nil {
			return err
		}
	}
	if err := s.Flush(); err != nil {
		return err
	}
	if err := f.Write(w); err != nil {
		return err
	}
	return f.Close()
}

func BenchmarkRead(b *testing.B) {
	var inline bytes.Buffer
	if err := writeOwn(&inline, deviceRows(benchRows)); err != nil {
		b.Fatal(err)
	}
	shared := bytes.NewBuffer(excelizeFile(b, func(f *excelize.File) {
		for i, r := range deviceRows(benchRows) {
			if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &r); err != nil {
				b.Fatal(err)
			}
		}
	}))
	for _, bb := range []struct {
		name string
		data []byte
		read func([]byte) (int, error)
	}{
		{"inline/own", inline.Bytes(), countOwn}, {"inline/excelize", inline.Bytes(), countExcelize},
		{"shared/own", shared.Bytes(), countOwn}, {"shared/excelize", shared.Bytes(), countExcelize},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if n, err := bb.read(bb.data); err != nil || n != benchRows*17 {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
		})
	}
}

func countOwn(data []byte) (n int, err error) {
	f, err := xlsx.Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return 0, err
	}
	for r, err := range f.Rows() {
		if err != nil {
			return n, err
		}
		n += len(r.Cells)
	}
	return n, nil
}

func countExcelize(data []byte) (n int, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	if err != nil {
		return 0, err
	}
	rows, err := f.Rows("Sheet1")
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return n, err
		}
		n += len(cells)
	}
	if err := rows.Close(); err != nil {
		return n, err
	}
	return n, f.Close()
}
