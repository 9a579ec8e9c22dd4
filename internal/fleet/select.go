package fleet

import (
	"iter"

	"github.com/worksctl/worksctl/pkg/api"
)

// Stats counts what [Select] did with the devices it was given. The counts are
// complete when the sequence has ended.
type Stats struct {
	Rows               int // devices that came in
	Selected           int // devices handed on
	Foreign            int // left out, though the back end was asked to leave them out
	UpToDate           int // left out by --outdated alone
	NoLatest           int // left out by --outdated: no latest version is named for their app and OS
	UnreadableVersions int // left out because a version can't be compared
	UnreadableTimes    int // left out because the last access can't be read
}

func (s *Stats) count(v fit) {
	s.Rows++
	switch v {
	case foreign:
		s.Foreign++
	case upToDate:
		s.UpToDate++
	case noLatest:
		s.NoLatest++
	case unreadableVersion:
		s.UnreadableVersions++
	case unreadableTime:
		s.UnreadableTimes++
	}
}

// Select hands on the devices of seq that pass f, in the order of s, at most
// limit of them; 0 is no limit. Without an order it streams, allocates nothing
// for a device and stops reading once the limit is reached; with one it holds
// the selected devices in memory. An error of seq ends the sequence: after the
// devices that came before it without an order, instead of them with one.
// stats may be nil.
func Select(seq iter.Seq2[api.Device, error], f Filter, s Sort, limit int, stats *Stats) iter.Seq2[api.Device, error] {
	if stats == nil {
		stats = &Stats{}
	}
	if !s.IsSet() {
		return stream(seq, f, limit, stats)
	}
	return func(yield func(api.Device, error) bool) {
		var all []api.Device
		for d, err := range stream(seq, f, 0, stats) {
			if err != nil {
				yield(api.Device{}, err)
				return
			}
			all = append(all, d)
		}
		s.Apply(all)
		if limit > 0 && len(all) > limit {
			all = all[:limit]
		}
		stats.Selected = 0
		for i := range all {
			stats.Selected++
			if !yield(all[i], nil) {
				return
			}
		}
	}
}

func stream(seq iter.Seq2[api.Device, error], f Filter, limit int, stats *Stats) iter.Seq2[api.Device, error] {
	return func(yield func(api.Device, error) bool) {
		for d, err := range seq {
			if err != nil {
				yield(api.Device{}, err)
				return
			}
			v := f.check(&d)
			stats.count(v)
			if v != passes {
				continue
			}
			stats.Selected++
			if !yield(d, nil) || stats.Selected == limit {
				return
			}
		}
	}
}
