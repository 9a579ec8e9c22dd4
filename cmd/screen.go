package cmd

import (
	"bytes"
	"io"

	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/output"
)

// dataOut is stdout for rows in a format. What reaches a terminal is made
// harmless for it, also in the formats that hand values on untouched elsewhere.
func (app *App) dataOut(format output.Format) io.Writer {
	if !app.Term.OutTTY {
		return app.Term.Out
	}
	return &screen{t: app.Term, clean: format != output.Table && format != output.Wide}
}

// screen is a terminal at stdout. Each write erases the progress line, which
// may stand there, and holds whole lines.
type screen struct {
	t     *terminal.Term
	clean bool // tables are clean already
}

func (s *screen) Write(p []byte) (int, error) {
	s.t.ClearProgress()
	if !s.clean {
		return s.t.Out.Write(p)
	}
	var shown bytes.Buffer
	for line := range bytes.Lines(p) {
		text, ended := bytes.CutSuffix(line, []byte("\n"))
		shown.WriteString(output.Clean(string(text)))
		if ended {
			shown.WriteByte('\n')
		}
	}
	if _, err := s.t.Out.Write(shown.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}
