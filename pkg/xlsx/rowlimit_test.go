package xlsx

import (
	"errors"
	"io"
	"testing"
)

func TestWriterHoldsNoMoreRowsThanAWorksheet(t *testing.T) {
	x, err := NewWriter(io.Discard, Options{})
	if err != nil {
		t.Fatal(err)
	}
	x.rows = MaxRows - 1 // as if these had been written
	if err := x.WriteRow([]string{"the last"}); err != nil {
		t.Fatal(err)
	}
	err = x.WriteRow([]string{"one too many"})
	if closed := x.Close(); !errors.Is(err, ErrSheetLimit) || !errors.Is(closed, err) {
		t.Errorf("WriteRow: %v; Close: %v", err, closed)
	}
}

func TestColumnNames(t *testing.T) {
	for i := range MaxColumns {
		if c, row, err := parseCellName(cellName(i, i+1)); c != i || row != i+1 || err != nil {
			t.Fatalf("column %d is %s, read as %d: %v", i, columnName(i), c, err)
		}
	}
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA", MaxColumns - 1: "XFD"} {
		if got := columnName(i); got != want {
			t.Errorf("column %d is %s", i, got)
		}
	}
}
