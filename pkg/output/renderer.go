package output

import (
	"io"

	"github.com/olekukonko/ll"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
)

// renderer draws the lines of a tablewriter table: no borders, columns padded
// by DisplayWidth, no spaces at line ends. tablewriter's own renderer adds up
// the widths of single runes, which is 8 instead of 2 for a family emoji.
type renderer struct {
	out    *buffer
	layout *layout
}

// newTablewriter makes a streaming table that hands every cell through as it is
// to r.
func newTablewriter(r *renderer) (*tablewriter.Table, error) {
	asIs := func(align tw.Align) tw.CellConfig {
		return tw.CellConfig{
			Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
			Alignment:  tw.CellAlignment{Global: align},
			Padding:    tw.CellPadding{Global: tw.PaddingNone},
		}
	}
	widths := tw.NewMapper[int, int]() // set, or tablewriter measures on its own
	for at, i := range r.layout.shown {
		widths.Set(at, max(1, r.layout.columns[i].width))
	}
	t := tablewriter.NewTable(io.Discard,
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithRenderer(r),
		tablewriter.WithHeaderConfig(asIs(tw.AlignLeft)),
		tablewriter.WithRowConfig(asIs(tw.AlignLeft)),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithTrimTab(tw.Off),
		tablewriter.WithTrimLine(tw.Off),
		tablewriter.WithColumnWidths(widths),
		tablewriter.WithStreaming(tw.StreamConfig{Enable: true, StrictColumns: true}),
	)
	return t, t.Start()
}

// line appends cells padded to their columns' widths.
func (r *renderer) line(cells []string) {
	owed := 0 // spaces before the next text
	for at, cell := range cells {
		width := r.layout.columns[r.layout.shown[at]].width
		if cell != "" {
			for range owed {
				r.out.data = append(r.out.data, ' ')
			}
			owed = 0
			r.out.data = append(r.out.data, cell...)
		}
		owed += max(0, width-DisplayWidth(cell)) + gap
	}
	r.out.data = append(r.out.data, '\n')
}

// Header draws the header row.
func (r *renderer) Header(lines [][]string, _ tw.Formatting) {
	for _, cells := range lines {
		r.line(cells)
	}
}

// Row draws a row.
func (r *renderer) Row(cells []string, _ tw.Formatting) { r.line(cells) }

// Config says that rows can be drawn one by one.
func (r *renderer) Config() tw.Rendition { return tw.Rendition{Streaming: true} }

// Start does nothing: the lines go to the buffer.
func (r *renderer) Start(io.Writer) error { return nil }

// Footer draws nothing: there is no footer.
func (r *renderer) Footer([][]string, tw.Formatting) {}

// Line draws nothing: there are no borders.
func (r *renderer) Line(tw.Formatting) {}

// Close does nothing: the sink flushes.
func (r *renderer) Close() error { return nil }

// Logger does nothing: nothing is logged.
func (r *renderer) Logger(*ll.Logger) {}
