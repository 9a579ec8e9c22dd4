package sandbox

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"
)

// mostDevices is the largest update notification (rule R10).
const mostDevices = 100

type notifyResult struct {
	DeviceID    string `json:"deviceId"`
	Status      string `json:"status"`
	Code        string `json:"code,omitempty"`
	Description string `json:"description,omitempty"`
}

func notify(c *call) (answer, error) {
	var in struct {
		DomainID  int32    `json:"domainId"`
		Type      string   `json:"type"`
		DeviceIDs []string `json:"deviceIds"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	switch {
	case in.DomainID == 0:
		return answer{}, errMissing("domainId")
	case in.Type == "":
		return answer{}, errMissing("type")
	case !slices.Contains([]string{typeMobile, typePC, typeDriveMobile}, in.Type):
		return answer{}, errInvalid("type %q: unknown value", in.Type)
	case len(in.DeviceIDs) == 0:
		return answer{}, errMissing("deviceIds")
	case len(in.DeviceIDs) > mostDevices:
		return answer{}, refuse(http.StatusBadRequest, "LIMIT_EXCEEDED", "%d devices: at most %d a request", len(in.DeviceIDs), mostDevices)
	}
	results := make([]notifyResult, 0, len(in.DeviceIDs))
	told := map[string]bool{}
	for _, id := range in.DeviceIDs {
		if told[id] {
			continue
		}
		told[id] = true
		res, err := c.notifyDevice(id, in.Type, in.DomainID)
		if err != nil {
			return answer{}, err // undoes the notices before it
		}
		results = append(results, res)
	}
	return ok(map[string]any{"results": results})
}

// notifyDevice sends one notice. A malformed id and one of another list refuse
// the whole request (rule R11); a device that isn't there fails alone.
func (c *call) notifyDevice(id, list string, domain int32) (notifyResult, error) {
	if len(id) != 36 || uuid.Validate(id) != nil {
		return notifyResult{}, errInvalid("%q is not a device id", id)
	}
	r, found, err := getRow(c.tx, id)
	if err != nil {
		return notifyResult{}, err
	}
	d, listed := c.device(&r)
	if !found || !listed || r.domain != domain {
		return notifyResult{id, "FAILED", "DEVICE_NOT_EXIST", "the device does not exist in this domain"}, nil
	}
	if r.typ != list {
		return notifyResult{}, errInvalid("device %q is of the list %s, not %s", id, r.typ, list)
	}
	r.appVersion, r.noticeAt = d.App.Version, c.now // what an earlier notice brought about stays
	if err := putRow(c.tx, r); err != nil {
		return notifyResult{}, err
	}
	return notifyResult{DeviceID: id, Status: "SENT"}, c.count("notify", id)
}

func wipe(c *call) (answer, error) { return c.command(commandWipe, "wipe") }

func reset(c *call) (answer, error) {
	if !c.Settings.ResetAPI {
		return answer{}, refuse(http.StatusForbidden, "ACCESS_DENIED", "this back end can't reset devices")
	}
	return c.command(commandReset, "reset")
}

// command asks for a wipe or reset (rules R16, R21, R22).
func (c *call) command(kind, stat string) (answer, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Reason == "" {
		return answer{}, errMissing("reason")
	}
	r, d, err := c.findDevice()
	switch {
	case err != nil:
		return answer{}, err
	case c.Settings.MDMMode == modeNotInUse:
		return answer{}, errMDMNotInUse()
	case d.MDM.Status != mdmRegistered:
		return answer{}, refuse(http.StatusConflict, "DEVICE_NOT_REGISTERED", "the device is not registered for remote management")
	case r.pending != "":
		return answer{}, refuse(http.StatusConflict, "COMMAND_ALREADY_EXIST", "command %s is pending for the device", r.pending)
	}
	cmd := command{Type: kind, Reason: in.Reason, RequestedBy: c.claims.Subject}
	if key := c.req.Header.Get("Idempotency-Key"); key != "" {
		cmd.IdempotencyKey = &key
	}
	if cmd, err = c.request(c.tx, r, cmd); err != nil {
		return answer{}, err
	}
	cmd.hideKey(c.Settings.KeepIdempotencyKeys)
	return answer{status: http.StatusAccepted, body: cmd}, c.count(stat, r.id)
}

func errMDMNotInUse() error {
	return refuse(http.StatusForbidden, "MDM_NOT_IN_USE", "NAVER WORKS MDM is not in use for this tenant")
}

// count adds one to what GET /sandbox/stats shows: what was really done.
func (c *call) count(action, subject string) error {
	key := action + "/" + subject
	n, _ := strconv.Atoi(string(c.tx.Get(bucketStats, key))) // 0 when absent
	return c.tx.Put(bucketStats, key, []byte(strconv.Itoa(n+1)))
}
