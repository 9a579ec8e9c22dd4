package main

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// The geometry of the window, in pixels.
const (
	cellWidth  = 8.4
	cellHeight = 20
	padding    = 18
	titleBar   = 38
)

// terminalSVG draws terminal output, styles included, as a window as wide as
// its longest line. Each run of characters stands at its own cell and is given
// its exact width, so that columns stay aligned whatever font the reader has.
func terminalSVG(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	var body strings.Builder
	columns, class := 0, ""
	for i, line := range lines {
		baseline := titleBar + (i+1)*cellHeight - 6
		column := 0
		for _, r := range spans(line) {
			if strings.HasPrefix(r.text, "\x1b") {
				class = styleClass(r.text)
				continue
			}
			if strings.TrimSpace(r.text) != "" {
				fmt.Fprintf(&body, `<text x="%.1f" y="%d" textLength="%.1f"%s%s>%s</text>`+"\n",
					padding+float64(column)*cellWidth, baseline, float64(r.cells)*cellWidth, r.fit(), class, html.EscapeString(r.text))
			}
			column += r.cells
		}
		columns = max(columns, column)
	}
	width := 2*padding + float64(columns)*cellWidth
	height := titleBar + len(lines)*cellHeight + padding

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d" role="img">`, width, height, width, height)
	b.WriteString(`
<title>worksctl in a terminal</title>
<style>
svg { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK KR", monospace }
text { fill: #d8dee9; white-space: pre }
.bold { font-weight: 600; fill: #fff } .dim { fill: #8791a5 } .green { fill: #a3be8c } .yellow { fill: #ebcb8b } .red { fill: #e06c75 }
.name { fill: #8791a5; text-anchor: middle }
</style>
`)
	fmt.Fprintf(&b, `<rect width="%.0f" height="%d" rx="9" fill="#1f2430"/>`+"\n", width, height)
	b.WriteString(`<circle cx="20" cy="19" r="6" fill="#e06c75"/><circle cx="40" cy="19" r="6" fill="#ebcb8b"/><circle cx="60" cy="19" r="6" fill="#a3be8c"/>` + "\n")
	fmt.Fprintf(&b, `<text x="%.0f" y="24" class="name">worksctl</text>`+"\n", width/2)
	b.WriteString(body.String())
	b.WriteString("</svg>\n")
	return b.String()
}

// span is a piece of a line that is drawn as one: a style, a gap, or characters
// that are all narrow or all wide.
type span struct {
	text  string
	cells int
	wide  bool
}

// fit says how a font of another width is made to fit: narrow letters are
// stretched a little, while Hangul, kana and kanji, drawn larger as terminals
// do, keep their shape and are spread over their cells.
func (s span) fit() string {
	if s.wide {
		return ` font-size="16"`
	}
	return ` lengthAdjust="spacingAndGlyphs"`
}

// spans splits a line at styles, at gaps, and where narrow and wide characters
// meet.
func spans(line string) []span {
	var out []span
	for _, part := range regexp.MustCompile("\x1b\\[[0-9;]*m|  +|[^\x1b ]+( [^\x1b ]+)*| ").FindAllString(line, -1) {
		switch {
		case strings.HasPrefix(part, "\x1b"):
			out = append(out, span{text: part})
			continue
		case strings.TrimSpace(part) == "":
			out = append(out, span{text: part, cells: len(part)})
			continue
		}
		begin := len(out)
		for letters := displaywidth.StringGraphemes(part); letters.Next(); {
			letter, wide := letters.Value(), letters.Width() > 1
			if last := len(out) - 1; last >= begin && out[last].wide == wide {
				out[last].text += letter
				out[last].cells += letters.Width()
				continue
			}
			out = append(out, span{text: letter, cells: letters.Width(), wide: wide})
		}
	}
	return out
}

func styleClass(sequence string) string {
	switch strings.Trim(sequence, "\x1b[m") {
	case "1":
		return ` class="bold"`
	case "2":
		return ` class="dim"`
	case "31":
		return ` class="red"`
	case "32":
		return ` class="green"`
	case "33":
		return ` class="yellow"`
	}
	return ""
}
