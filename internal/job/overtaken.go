package job

import (
	"context"
	"fmt"

	"github.com/worksctl/worksctl/internal/journal"
)

// LeaveOvertaken settles those planned items of a suspend or unsuspend skipped
// (OVERTAKEN) whose member a newer such job of the same API address is about, and
// names that job: what it was to bring about is the later word. One that was
// canceled, refused or failed changed nothing, and doesn't count. Jobs of other
// actions are left as they are.
func (r *Runner) LeaveOvertaken(ctx context.Context, s journal.Store, j journal.Journal) error {
	job := j.Job()
	if job.Action != Suspend && job.Action != Unsuspend {
		return nil
	}
	newest, err := newerOf(ctx, s, job)
	if err != nil {
		return err
	}
	settled := map[journal.Outcome][]int{}
	for it, err := range planned(ctx, j) {
		if err != nil {
			return err
		}
		if newer, ok := newest[it.Device.User.UserID]; ok {
			o := journal.Outcome{Status: journal.Skipped, Code: "OVERTAKEN", Detail: fmt.Sprintf("job %s, %s, is newer", newer.ID, newer.Action)}
			settled[o] = append(settled[o], it.Index)
		}
	}
	return r.settleAll(j, settled)
}

// newerOf finds the newest job after one that suspends or unsuspends a member, by
// user id.
func newerOf(ctx context.Context, s journal.Store, job journal.Job) (map[string]journal.Job, error) {
	found := map[string]journal.Job{}
	err := eachJob(ctx, s, job.Tenant, func(rec journal.Record) error {
		newer := rec.Job()
		if !newer.CreatedTime.After(job.CreatedTime) {
			return nil
		}
		for it, err := range rec.Items(ctx) {
			if err != nil {
				return err
			}
			switch it.Status {
			case journal.Canceled, journal.Refused, journal.Failed:
				continue
			}
			if id := it.Device.User.UserID; found[id].CreatedTime.Before(newer.CreatedTime) {
				found[id] = newer
			}
		}
		return nil
	}, Suspend, Unsuspend)
	return found, err
}
