package output

import "slices"

// gap is the number of spaces between two columns of a table.
const gap = 2

// layout decides how wide the columns of a table are and which are shown.
type layout struct {
	room    int        // the terminal's width in cells, 0 for no limit
	columns []colShape // in the order of the table
	shown   []int      // indexes of the columns shown
	hidden  []int      // those hidden, in the order of hiding
}

// colShape is what a layout knows of one column, all in terminal cells.
type colShape struct {
	natural int // the widest cell so far, header included
	least   int // how far it may be shortened; 0: not at all
	drop    int // Column.Droppable
	width   int // the decision
}

// hideColumns settles which columns are shown. It is called once, with the
// widths of the first rows: a column can't vanish in the middle of a table.
// Flexible columns give way first, then droppable columns go one by one.
func (l *layout) hideColumns() {
	l.shown = make([]int, len(l.columns))
	for i := range l.shown {
		l.shown[i] = i
	}
	for !l.fit() {
		next := -1
		for _, i := range l.shown {
			if drop := l.columns[i].drop; drop > 0 && (next < 0 || drop <= l.columns[next].drop) {
				next = i // of two equals the one on the right
			}
		}
		if next < 0 {
			return
		}
		l.hidden = append(l.hidden, next)
		l.shown = slices.DeleteFunc(l.shown, func(i int) bool { return i == next })
	}
}

// fit gives each column shown its natural width, then takes from the flexible
// ones, always from the widest, until the table fits. It reports whether it did.
func (l *layout) fit() bool {
	total := -gap
	for _, i := range l.shown {
		c := &l.columns[i]
		c.width = c.natural
		if l.room > 0 && c.least > 0 { // saves steps below: wider never fits
			c.width = min(c.natural, max(c.least, l.room))
		}
		total += c.width + gap
	}
	if l.room <= 0 {
		return true
	}
	for ; total > l.room; total-- {
		widest := -1
		for _, i := range l.shown {
			c := &l.columns[i]
			if c.least > 0 && c.width > c.least && (widest < 0 || c.width > l.columns[widest].width) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		l.columns[widest].width--
	}
	return true
}
