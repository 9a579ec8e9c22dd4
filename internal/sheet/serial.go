package sheet

import (
	"math"
	"strconv"
	"time"
)

// timeLayout is how dates of a workbook are written as text.
const timeLayout = "2006-01-02 15:04:05"

// Serial returns the date that a number of this workbook stands for: the days
// since 1899-12-30, or since 1904-01-01 in workbooks that say so. ok is false
// for what is no number or no day from 1954 to 2119.
func (s *Sheet) Serial(number string) (text string, ok bool) {
	days, err := strconv.ParseFloat(number, 64)
	if err != nil || days < 20_000 || days > 80_000 {
		return "", false
	}
	return serialText(days, s.date1904), true
}

func serialText(days float64, date1904 bool) string {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	const day = 24 * 60 * 60
	seconds := math.Round(days * day)
	return start.Add(time.Duration(seconds) * time.Second).Format(timeLayout)
}

// plainNumber writes a number without an exponent and without the digits that
// binary fractions add.
func plainNumber(text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(n) > 1e30 {
		return text
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}
