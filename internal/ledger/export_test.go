package ledger

import "time"

// CompactOften has d rewrite its files as often as it can.
func (d *Dir) CompactOften() *Dir {
	d.notices.roomy, d.wipes.roomy = 0, 0
	d.noticeBook.most, d.wipeBook.most = 1, 1
	return d
}

// CompactFrom has d rewrite its files once they are larger than this.
func (d *Dir) CompactFrom(bytes int64) *Dir {
	d.notices.roomy, d.wipes.roomy = bytes, bytes
	return d
}

// Hurry shortens the time that d waits for the lock.
func (d *Dir) Hurry(patience time.Duration) *Dir {
	d.notices.patience, d.wipes.patience = patience, patience
	return d
}
