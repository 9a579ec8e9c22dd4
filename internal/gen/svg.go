package main

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// The geometry of one terminal cell, in pixels.
const (
	cellWidth  = 8.4
	cellHeight = 19
	padding    = 16
	titleBar   = 34
)

// terminalSVG draws terminal output, styles included, as a window. Every run
// of cells is given its exact width, so that Korean and Japanese stay aligned
// whatever font the reader has.
func terminalSVG(text string, columns int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	width := 2*padding + float64(columns)*cellWidth
	height := titleBar + padding + len(lines)*cellHeight

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d" role="img">`, width, height, width, height)
	b.WriteString(`
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono CJK KR","D2Coding",monospace;fill:#d8dee9;white-space:pre}.b{font-weight:700;fill:#fff}.d{fill:#8791a5}.g{fill:#a3be8c}.y{fill:#ebcb8b}.r{fill:#e06c75}</style>
`)
	fmt.Fprintf(&b, `<rect width="%.0f" height="%d" rx="8" fill="#1f2430"/>`, width, height)
	b.WriteString(`<g><circle cx="18" cy="17" r="5.5" fill="#e06c75"/><circle cx="36" cy="17" r="5.5" fill="#ebcb8b"/><circle cx="54" cy="17" r="5.5" fill="#a3be8c"/></g>` + "\n")
	class := ""
	for i, line := range lines {
		y := titleBar + (i+1)*cellHeight - 5
		column := 0
		for _, piece := range pieces(line) {
			if piece.style {
				class = styleClass(piece.text)
				continue
			}
			cells := displaywidth.String(piece.text)
			if strings.TrimSpace(piece.text) != "" {
				fmt.Fprintf(&b, `<text x="%.1f" y="%d" textLength="%.1f" lengthAdjust="spacingAndGlyphs"%s>%s</text>`+"\n",
					padding+float64(column)*cellWidth, y, float64(cells)*cellWidth, class, html.EscapeString(piece.text))
			}
			column += cells
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

type piece struct {
	text  string
	style bool // an escape sequence that selects a style
}

// pieces splits a line at styles, at gaps, and where narrow and wide
// characters meet.
func pieces(line string) []piece {
	var out []piece
	for _, part := range regexp.MustCompile("\x1b\\[[0-9;]*m|  +|[^\x1b]").FindAllString(line, -1) {
		style := strings.HasPrefix(part, "\x1b")
		last := len(out) - 1
		joins := last >= 0 && !style && !out[last].style && len(part) < 5 && part != "  " &&
			out[last].text != strings.Repeat(" ", len(out[last].text)) &&
			(displaywidth.String(part) == 0 || displaywidth.String(part) == lastWidth(out[last].text))
		if joins {
			out[last].text += part
			continue
		}
		out = append(out, piece{text: part, style: style})
	}
	return out
}

// lastWidth is the width of the first character of text, which all of it share.
func lastWidth(text string) int {
	for _, r := range text {
		return displaywidth.Rune(r)
	}
	return 0
}

func styleClass(sequence string) string {
	switch strings.Trim(sequence, "\x1b[m") {
	case "1":
		return ` class="b"`
	case "2":
		return ` class="d"`
	case "31", "1;31":
		return ` class="r"`
	case "32", "1;32":
		return ` class="g"`
	case "33", "1;33":
		return ` class="y"`
	}
	return ""
}
