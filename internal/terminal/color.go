package terminal

import "github.com/worksctl/worksctl/internal/exit"

// ColorMode is the value of --color.
type ColorMode string

// The values of --color.
const (
	ColorAuto   ColorMode = "auto" // on a terminal, as NO_COLOR, CLICOLOR_FORCE and TERM say
	ColorAlways ColorMode = "always"
	ColorNever  ColorMode = "never"
)

// ParseColor reads the value of --color. The error has exit code 2.
func ParseColor(s string) (ColorMode, error) {
	switch mode := ColorMode(s); mode {
	case ColorAuto, ColorAlways, ColorNever:
		return mode, nil
	default:
		return "", exit.Usagef("BAD_COLOR", "", "--color %q: use auto, always or never", s)
	}
}

// OutStyle is the style of texts on stdout.
func (t *Term) OutStyle() Style { return Style{t.colored(t.OutTTY)} }

// ErrStyle is the style of texts on stderr.
func (t *Term) ErrStyle() Style { return Style{t.colored(t.ErrTTY)} }

// colored decides for one stream. The flag goes before the variables, and of
// these NO_COLOR before CLICOLOR_FORCE (no-color.org: "regardless").
func (t *Term) colored(isTTY bool) bool {
	switch {
	case t.Color == ColorNever:
		return false
	case t.Color == ColorAlways:
		return true
	case t.noColor:
		return false
	case t.forceColor:
		return true
	default:
		return isTTY && !t.dumb
	}
}

// Style decorates texts for one stream, or leaves them as they are; the zero
// Style does the latter. The texts must be clean already.
type Style struct{ on bool }

// Dim makes text stand back.
func (s Style) Dim(text string) string { return s.sgr("2", text) }

// Red is for errors and for what can't be undone.
func (s Style) Red(text string) string { return s.sgr("31", text) }

// Yellow is for warnings.
func (s Style) Yellow(text string) string { return s.sgr("33", text) }

// sgr wraps text in a "select graphic rendition" sequence (ECMA-48, 8.3.117).
func (s Style) sgr(code, text string) string {
	if !s.on || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
