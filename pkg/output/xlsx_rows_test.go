package output

import (
	"errors"
	"io"
	"testing"
)

func TestXLSXHoldsNoMoreRowsThanAWorksheet(t *testing.T) {
	s := NewXLSX(io.Discard, []Column[string]{{Key: "a", Value: func(s string) string { return s }}}).(*xlsxSink[string])
	s.rows = 1_048_574 // as if these had been written
	if err := s.Write("the last row"); err != nil {
		t.Fatal(err)
	}
	err := s.Write("one too many")
	if limit, ok := errors.AsType[*SheetLimitError](err); !ok || limit.Column != "" {
		t.Errorf("got %v", err)
	}
	if closed := s.Close(); !errors.Is(closed, err) {
		t.Errorf("Close: %v", closed)
	}
}
