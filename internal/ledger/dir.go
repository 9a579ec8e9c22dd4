package ledger

import (
	"path/filepath"
	"time"
)

// Dir keeps each record as a file of JSON lines in a folder of its own that
// only the user may read: notices.jsonl and wipes.jsonl. Beside each stands a
// .lock file, which is locked during a call, so that several processes can use
// the records at the same time; a call that can't have it within 5 seconds
// fails with RECORDS_BUSY. A Dir remembers what it has read, some 60 bytes for
// each device, and reads only what was added since. It may be used from several
// goroutines.
//
// A record that can't be written whole is RECORDS_NOT_WRITTEN and left as it
// was; one that can't be understood is RECORDS_DAMAGED, and nothing can be
// reserved. Both are errors of type [exit.Error] with code [exit.Failed].
type Dir struct {
	notices, wipes *log
	noticeBook     *noticeBook
	wipeBook       *wipeBook
}

// NewDir returns the records in folder, which is made with mode 0700 at the
// first call that keeps something.
func NewDir(folder string) *Dir {
	d := &Dir{noticeBook: &noticeBook{most: 6}, wipeBook: &wipeBook{most: 4}}
	d.notices = newLog(filepath.Join(folder, "notices"), "notices", d.noticeBook)
	d.wipes = newLog(filepath.Join(folder, "wipes"), "wipes", d.wipeBook)
	return d
}

// Notices returns the record of notices.
func (d *Dir) Notices() Notices { return notices{d.notices, d.noticeBook} }

// Wipes returns the count of wipes and resets.
func (d *Dir) Wipes() Wipes { return wipes{d.wipes, d.wipeBook} }

// keeps tells whether a log keeps t as it is: in nanoseconds since 1970, which
// end in 1678 and 2262.
func keeps(t time.Time) bool { return !t.IsZero() && time.Unix(0, t.UnixNano()).Equal(t) }
