package api

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

const (
	pathCommands = "/security/device-commands"
	pathCommand  = "/security/device-commands/{commandId}"
)

// CommandsService wipes and resets devices and follows up on it: worksctl's own
// contract, not published by NAVER WORKS. Scope security.device, for reading
// security.device.read.
type CommandsService struct{ c *Client }

// CommandType is what a command does to a device.
type CommandType string

// The command types of the contract. Neither can be undone (R19).
const (
	CommandWipe  CommandType = "WIPE"  // delete app data, of the account signed in now (R17)
	CommandReset CommandType = "RESET" // factory defaults: everything on the device goes (R18)
)

// CommandStatus is how far a command got.
type CommandStatus string

// The statuses of the contract. A command waits as REQUESTED until its device
// is online (R20).
const (
	CommandRequested CommandStatus = "REQUESTED"
	CommandDelivered CommandStatus = "DELIVERED"
	CommandCompleted CommandStatus = "COMPLETED"
	CommandFailed    CommandStatus = "FAILED"
	CommandCanceled  CommandStatus = "CANCELED"
	CommandExpired   CommandStatus = "EXPIRED"
)

// Command is a wipe or reset as the back end keeps it. Times are RFC 3339 with
// offset, exactly as received.
type Command struct {
	CommandID      string          `json:"commandId"`
	DeviceID       string          `json:"deviceId"`
	Type           CommandType     `json:"type"`
	Status         CommandStatus   `json:"status"`
	IdempotencyKey Nullable        `json:"idempotencyKey"` // null where the back end keeps none
	Reason         string          `json:"reason"`
	RequestedBy    string          `json:"requestedBy"`
	RequestedTime  string          `json:"requestedTime"`
	DeliveredTime  Nullable        `json:"deliveredTime"`
	CompletedTime  Nullable        `json:"completedTime"`
	Failure        *CommandFailure `json:"failure"` // null unless failed or canceled by the back end
}

// CommandFailure says why a command failed or was canceled, for example
// MDM_DISABLED.
type CommandFailure struct {
	Code        string `json:"code"`
	Description string `json:"description"`
}

// CommandQuery selects commands. Zero fields select nothing.
type CommandQuery struct {
	DeviceID       string
	Status         CommandStatus
	IdempotencyKey string // finds what an earlier request led to
	Count          int    // page size, 1 to 1,000; as in [DeviceQuery]
}

// Wipe asks to delete the app data of a device: POST
// /security/devices/{deviceId}/wipe. It returns the command as requested; done
// it is only when [CommandsService.Get] says COMPLETED (R20). key is the
// request's Idempotency-Key.
//
// Errors: [ErrMDMNotInUse] (R16), [ErrNotRegistered] (R16, and R22 for rows that
// aren't mobile), [ErrCommandPending] while a command of either type is pending,
// [ErrNotFound]. After an [*UnknownOutcomeError] ask [CommandsService.List] for
// the key.
func (s *CommandsService) Wipe(ctx context.Context, deviceID, reason, key string) (*Command, error) {
	return s.request(ctx, "wipe device", "/wipe", deviceID, reason, key)
}

// Reset asks to set a device back to factory defaults: POST
// /security/devices/{deviceId}/reset. As [CommandsService.Wipe]; a back end
// without reset answers [ErrForbidden] with code ACCESS_DENIED.
func (s *CommandsService) Reset(ctx context.Context, deviceID, reason, key string) (*Command, error) {
	return s.request(ctx, "reset device", "/reset", deviceID, reason, key)
}

func (s *CommandsService) request(ctx context.Context, op, verb, deviceID, reason, key string) (*Command, error) {
	out := &Command{}
	err := s.c.decode(ctx, call{
		op: op, method: http.MethodPost, template: pathDevice + verb,
		params: map[string]string{"deviceId": deviceID}, key: key,
		body: struct {
			Reason string `json:"reason"`
		}{reason},
		lacks: func() string { return lacking("commandId", out.CommandID == "") },
	}, out)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// List returns one page of GET /security/device-commands, newest first; cursor
// is empty for the first.
func (s *CommandsService) List(ctx context.Context, q CommandQuery, cursor string) (Page[Command], error) {
	l, err := s.listing(q)
	if err != nil {
		return Page[Command]{}, err
	}
	return l.one(ctx, cursor)
}

// All hands out every command that q selects, newest first, each once; see
// [DevicesService.All].
func (s *CommandsService) All(ctx context.Context, q CommandQuery, stats *ListStats) iter.Seq2[Command, error] {
	if q.Count == 0 {
		q.Count = MaxCount
	}
	return all(ctx, func() (*listing[Command], error) { return s.listing(q) }, stats)
}

func (s *CommandsService) listing(q CommandQuery) (*listing[Command], error) {
	const op = "list device commands"
	if err := checkCount(op, q.Count, MaxCount); err != nil {
		return nil, err
	}
	query := url.Values{}
	setText(query, "deviceId", q.DeviceID)
	setText(query, "status", string(q.Status))
	setText(query, "idempotencyKey", q.IdempotencyKey)
	return &listing[Command]{
		c: s.c, op: op, template: pathCommands, query: query, count: q.Count,
		field: "deviceCommands", row: jsonRow[Command],
		id: func(c *Command) *string { return &c.CommandID }, idField: "commandId",
		reader: newReader(),
	}, nil
}

// Get reads one command: GET /security/device-commands/{commandId}. An unknown
// id is [ErrNotFound].
func (s *CommandsService) Get(ctx context.Context, commandID string) (*Command, error) {
	out := &Command{}
	err := s.c.decode(ctx, call{
		op: "show device command", template: pathCommand,
		params: map[string]string{"commandId": commandID},
		lacks:  func() string { return lacking("commandId", out.CommandID == "") },
	}, out)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Cancel takes back a command that is still REQUESTED: POST
// /security/device-commands/{commandId}/cancel. Too late is
// [ErrCommandDelivered].
func (s *CommandsService) Cancel(ctx context.Context, commandID, key string) error {
	return s.c.run(ctx, call{
		op: "cancel device command", method: http.MethodPost, template: pathCommand + "/cancel",
		params: map[string]string{"commandId": commandID}, key: key,
	})
}
