package journal

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
)

// Dir keeps each journal as a file of JSON lines, <id>.jsonl, in a folder of
// its own that only the user may read. Beside it stand <id>.lock, locked by the
// process that holds the job, and <id>.cancel once canceling was asked for.
type Dir struct {
	folder string
	now    func() time.Time
}

var _ Store = (*Dir)(nil)

// NewDir returns the store in folder, which is made with mode 0700 when the
// first job is drafted. now says since when a process holds a job.
func NewDir(folder string, now func() time.Time) *Dir {
	return &Dir{folder: folder, now: now}
}

// IDs lists the journals by their names, which begin with the second; of one
// second, by what they say themselves. Other files in the folder are passed over.
func (d *Dir) IDs(ctx context.Context) ([]string, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	entries, err := os.ReadDir(d.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, notRead(d.folder, err)
	}
	var ids []string
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), journalSuffix); ok && validID(id) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(b, a) })
	for rest := ids; len(rest) > 0; {
		other := slices.IndexFunc(rest, func(id string) bool { return second(id) != second(rest[0]) })
		if other < 0 {
			other = len(rest)
		}
		d.sortByTime(rest[:other])
		rest = rest[other:]
	}
	return ids, nil
}

// second is the part of a valid id that tells when.
func second(id string) string { return id[:len("00000000-000000")] }

// sortByTime sorts ids that have the same second, newest first. Journals that
// can't be read come last; reading them says why.
func (d *Dir) sortByTime(ids []string) {
	if len(ids) < 2 {
		return
	}
	created := map[string]time.Time{}
	for _, id := range ids {
		created[id] = d.created(id)
	}
	slices.SortStableFunc(ids, func(a, b string) int { return created[b].Compare(created[a]) })
}

// created is when a job was, by the first line of its journal; zero if that
// can't be read.
func (d *Dir) created(id string) time.Time {
	var job Job
	file, err := d.open(id, os.O_RDONLY)
	if err != nil {
		return time.Time{}
	}
	defer func() { _ = file.Close() }() // read only
	if line, err := newLines(file).next(); err != nil || parse(line, &jobLine{Job: &job}) != nil {
		return time.Time{}
	}
	return job.CreatedTime
}

// Cancel leaves a file beside the journal. Whoever holds the job looks for it.
func (d *Dir) Cancel(ctx context.Context, id string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	file, err := d.open(id, os.O_RDONLY)
	if err != nil {
		return err
	}
	_ = file.Close()
	path := d.file(id, cancelSuffix)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return notWritten(path, err)
	}
	return nil
}

const (
	journalSuffix = ".jsonl"
	draftSuffix   = ".draft"
	lockSuffix    = ".lock"
	cancelSuffix  = ".cancel"
)

func (d *Dir) file(id, suffix string) string { return filepath.Join(d.folder, id+suffix) }
func (d *Dir) journal(id string) string      { return d.file(id, journalSuffix) }
func (d *Dir) hidden(id string) string       { return d.file("."+id, draftSuffix) }

// newID names a job by its time, its action and four characters that are not
// mistaken for each other when read out.
func newID(job *Job) string {
	const alphabet = "23456789abcdefghijkmnpqrstuvwxyz" // 32, so that every byte is fair
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails
	for i, b := range random {
		random[i] = alphabet[b%byte(len(alphabet))]
	}
	return job.CreatedTime.Format("20060102-150405-") + string(job.Action) + "-" + string(random[:])
}

// validID keeps ids from naming anything but a journal in the folder.
func validID(id string) bool {
	const stamp = "00000000-000000-"
	if len(id) <= len(stamp) {
		return false
	}
	for i, c := range []byte(id) {
		digit, dash := c >= '0' && c <= '9', c == '-'
		if i < len(stamp) && (digit != (stamp[i] == '0') || dash != (stamp[i] == '-')) {
			return false
		}
		if !digit && !dash && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

func notRead(path string, err error) error {
	return &exit.Error{Exit: exit.Failed, ID: "JOURNAL_NOT_READ", Message: "reading " + path, Err: reason(err)}
}

func notWritten(path string, err error) error {
	return &exit.Error{Exit: exit.Failed, ID: "JOURNAL_NOT_WRITTEN", Message: "writing " + path, Err: reason(err)}
}

// reason drops the path, which the message names already.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
