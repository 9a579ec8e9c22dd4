package cmd

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/worksctl/worksctl/internal/atomicfile"
	"github.com/worksctl/worksctl/internal/exit"
)

// manifest is what FILE.manifest.json says of an export. Its shape is kept in
// docs/schema/manifest.schema.json.
type manifest struct {
	File     string   `json:"file"`
	Format   string   `json:"format"`
	Columns  []string `json:"columns"`
	Rows     int      `json:"rows"`
	Bytes    int64    `json:"bytes"`
	SHA256   string   `json:"sha256"`
	Profile  *string  `json:"profile"`  // null for an export of a file
	Host     *string  `json:"host"`     // likewise
	DomainID *int32   `json:"domainId"` // null for every domain
	From     *string  `json:"from"`     // the file that was read, or null

	Query map[string]string `json:"query"` // the flags that select and order, as given

	Pages              int `json:"pages"`
	DuplicatesDropped  int `json:"duplicatesDropped"`
	ExcludedByCheck    int `json:"excludedByCheck"` // rows that the back end should not have sent
	NoLatestVersion    int `json:"noLatestVersion"` // left out by --outdated: the back end names none for their app
	UnreadableVersions int `json:"unreadableVersions"`
	UnreadableTimes    int `json:"unreadableTimes"`

	CreatedTime  time.Time `json:"createdTime"` // when the listing began
	FinishedTime time.Time `json:"finishedTime"`
	Version      string    `json:"worksctlVersion"`
}

// describe fills the manifest with what was asked and what came.
func (app *App) describe(m *manifest, c *cobra.Command, sel selection, n *counts) error {
	m.Rows = n.rows.Selected
	m.Pages = n.api.Pages
	m.DuplicatesDropped = n.api.Duplicates + n.file + len(n.older)
	m.ExcludedByCheck = n.foreign()
	m.NoLatestVersion = n.rows.NoLatest
	m.UnreadableVersions, m.UnreadableTimes = n.rows.UnreadableVersions, n.rows.UnreadableTimes
	m.FinishedTime = app.Now()
	m.Version = app.Build.complete().Version
	m.Query = map[string]string{}
	c.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		switch f.Name {
		case "out", "format", "excel", "manifest", "from", "map", "tz", "encoding":
		default:
			if f.Changed {
				m.Query[f.Name] = f.Value.String()
			}
		}
	})
	if sel.from != "" {
		m.From = &sel.from
		return nil
	}
	settings, err := app.Settings()
	if err != nil {
		return err
	}
	m.Profile = &settings.Name
	host := app.host()
	m.Host = &host
	if settings.DomainID != 0 {
		m.DomainID = &settings.DomainID
	}
	return nil
}

// beside is where the manifest of a file stands.
func beside(file string) string { return file + ".manifest.json" }

// newRecord opens the manifest's file before anything is asked of a server. It
// may be read by those who may read the file itself.
func (o *exportOptions) newRecord() (*atomicfile.File, error) {
	perm := fs.FileMode(0o666)
	if info, err := os.Stat(o.out); err == nil {
		perm = info.Mode().Perm()
	}
	return atomicfile.Create(beside(o.out), perm)
}

// commit makes the export appear, and then its manifest. The manifest of an
// older export goes first, and what can fail is done before: at no moment does
// a file stand beside another's record.
func (t *destination) commit(m *manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if _, err := t.record.Write(append(text, '\n')); err != nil {
		return err
	}
	if err := errors.Join(t.file.Prepare(), t.record.Prepare()); err != nil {
		return err
	}
	if err := os.Remove(t.record.Path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := t.file.Commit(); err != nil {
		return err
	}
	if !t.file.Current() {
		return exit.Failedf("FILE_REPLACED", "let only one export write to a file", "another export replaced %s at the same moment", t.file.Path())
	}
	if err := t.record.Commit(); err != nil {
		return &exit.Error{Exit: exit.Failed, ID: "MANIFEST_NOT_WRITTEN", Message: t.file.Path() + " is complete, but its manifest is missing", Err: err}
	}
	if !t.file.Current() || !t.record.Current() {
		return exit.Failedf("FILE_REPLACED", "let only one export write to a file", "another export replaced %s or its manifest at the same moment", t.file.Path())
	}
	return nil
}

// tellStale warns of a manifest that an export without --manifest left behind.
func (app *App) tellStale(file string) {
	if _, err := os.Lstat(beside(file)); err == nil {
		app.Term.Warnf("%s is of an older export: remove it, or export with --manifest", beside(file))
	}
}
