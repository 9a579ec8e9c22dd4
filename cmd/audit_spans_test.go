package cmd

import (
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
)

// Six months before the last days of a month is the end of a shorter one.
func TestAuditSpansAtMonthEnds(t *testing.T) {
	for _, tt := range []struct {
		now, since string
		hint       string // of what is too old
	}{
		{"2027-08-31T09:00:00Z", "2027-03-01", ""},
		{"2027-08-31T09:00:00Z", "2027-02-28", "--since 2027-03-01"},
		{"2027-08-31T09:00:00Z", "2027-02-28T09:00:00Z", ""},
		{"2027-08-29T09:00:00Z", "2027-03-01", ""},
		{"2028-08-31T09:00:00Z", "2028-02-29T09:00:00Z", ""},
		{"2026-12-31T09:00:00Z", "2026-06-30", "--since 2026-07-01"},
		{"2026-11-21T09:00:00Z", "2026-05-21", "--since 2026-05-22"},
		{"2026-11-21T09:00:00Z", "2026-05-22", ""},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		o := &auditOptions{since: tt.since}
		_, err = o.spans(now, time.UTC)
		if tt.hint == "" {
			if err != nil {
				t.Errorf("%s, --since %s: %v", tt.now, tt.since, err)
			}
			continue
		}
		if e := exit.As(err); e == nil || e.ID != "TOO_OLD" || e.Hint != tt.hint {
			t.Errorf("%s, --since %s: %v", tt.now, tt.since, err)
		}
	}
}
