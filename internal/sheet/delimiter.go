package sheet

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// findDelimiter returns the separator under which the most headers are known
// and, among those, the most rows are as wide as the widest one; and how many
// headers are known. The comma wins a tie.
func findDelimiter(text string, known func([]string) int) (delimiter byte, headers int) {
	if len(text) > 5 && strings.EqualFold(text[:4], "sep=") && strings.ContainsRune(",;\t", rune(text[4])) {
		return text[4], 0 // what Excel takes as a hint
	}
	delimiter, best, headers := byte(','), 0.0, -1
	for _, d := range []byte{',', ';', '\t'} {
		found, even := judge(text, d, known)
		if found > headers || found == headers && even > best {
			delimiter, best, headers = d, even, found
		}
	}
	return delimiter, headers
}

// looked is how many rows are looked at to judge what a file is.
const looked = 50

// judge returns the most headers that a row of the beginning holds, and which
// part of the rows is as wide as the widest one; zero where there is one column.
func judge(text string, delimiter byte, known func([]string) int) (headers int, even float64) {
	r := NewReader(bufio.NewReader(strings.NewReader(text)), delimiter)
	widths := map[int]int{}
	widest, rows := 0, 0
	for rows < looked {
		cells, err := r.Read()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				return 0, 0
			}
			break
		}
		rows++
		headers = max(headers, known(cells))
		widths[len(cells)]++
		widest = max(widest, len(cells))
	}
	if widest < 2 {
		return headers, 0
	}
	return headers, float64(widths[widest]) / float64(rows)
}

func split(text string, delimiter byte) ([]Row, error) {
	r := NewReader(bufio.NewReader(strings.NewReader(text)), delimiter)
	var rows []Row
	var l limits
	for {
		cells, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case err != nil:
			return nil, err
		}
		row := Row{Number: r.Number, Cells: make([]Cell, len(cells))}
		for i, c := range cells {
			row.Cells[i].Text = c
		}
		if err := l.add(row); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}
