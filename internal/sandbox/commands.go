package sandbox

import (
	"net/http"
	"slices"
)

func listCommands(c *call) (answer, error) {
	q := c.req.URL.Query()
	status := q.Get("status")
	if q.Has("status") && !slices.Contains([]string{statusRequested, statusDelivered, statusCompleted, statusFailed,
		statusCanceled, statusExpired}, status) {
		return answer{}, errInvalid("status %q: unknown value", status)
	}
	p, err := c.page(c.Settings.MaxCount)
	if err != nil {
		return answer{}, err
	}
	rows := []command{}
	if p.empty {
		return c.respond("deviceCommands", rows, "")
	}
	for id := range c.tx.Descend(bucketCommands, p.after) {
		cmd, _, err := getCommand(c.tx, id)
		if err != nil {
			return answer{}, err
		}
		cmd.hideKey(c.Settings.KeepIdempotencyKeys)
		switch {
		case q.Has("deviceId") && cmd.DeviceID != q.Get("deviceId"),
			q.Has("status") && cmd.Status != status,
			q.Has("idempotencyKey") && (cmd.IdempotencyKey == nil || *cmd.IdempotencyKey != q.Get("idempotencyKey")):
			continue
		case len(rows) == p.count:
			return c.respond("deviceCommands", rows, rows[p.count-1].CommandID)
		}
		rows = append(rows, cmd)
	}
	return c.respond("deviceCommands", rows, "")
}

// hideKey forgets the key where the back end does not keep it.
func (c *command) hideKey(kept bool) {
	if !kept {
		c.IdempotencyKey = nil
	}
}

func showCommand(c *call) (answer, error) {
	cmd, err := c.findCommand()
	if err != nil {
		return answer{}, err
	}
	cmd.hideKey(c.Settings.KeepIdempotencyKeys)
	return ok(cmd)
}

func (c *call) findCommand() (command, error) {
	id := c.req.PathValue("commandId")
	cmd, found, err := getCommand(c.tx, id)
	if err == nil && !found {
		err = refuse(http.StatusNotFound, "COMMAND_NOT_EXIST", "command %q does not exist", id)
	}
	return cmd, err
}

func cancelCommand(c *call) (answer, error) {
	cmd, err := c.findCommand()
	if err != nil {
		return answer{}, err
	}
	switch cmd.Status {
	case statusCanceled: // asked twice
		return done(http.StatusNoContent)
	case statusRequested:
	default:
		return answer{}, refuse(http.StatusConflict, "COMMAND_ALREADY_DELIVERED", "the command is %s", cmd.Status)
	}
	r, _, err := getRow(c.tx, cmd.DeviceID)
	if err != nil {
		return answer{}, err
	}
	cmd.end(statusCanceled, c.now, "CANCELED", "canceled by "+c.claims.Subject)
	if err := c.settle(c.tx, &cmd, &r); err != nil {
		return answer{}, err
	}
	if err := c.count("cancel", cmd.CommandID); err != nil {
		return answer{}, err
	}
	return done(http.StatusNoContent)
}
