package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

func adminInfo(c *call) (answer, error) {
	info, err := c.info()
	if err != nil {
		return answer{}, err
	}
	return ok(info)
}

func adminReset(c *call) (answer, error) {
	var in struct {
		Devices  int    `json:"devices"`
		Seed     uint64 `json:"seed"`
		DomainID int32  `json:"domainId"`
	}
	if len(c.body) > 0 {
		if err := c.decodeStrict(&in); err != nil {
			return answer{}, err
		}
	}
	if err := c.backend.fill(c.tx, seed.Options{Devices: in.Devices, Seed: in.Seed, DomainID: in.DomainID}); err != nil {
		return answer{}, err
	}
	st, err := loadState(c.tx)
	if err != nil {
		return answer{}, err
	}
	*c.state = *st
	return done(http.StatusNoContent)
}

func adminClock(c *call) (answer, error) {
	return ok(map[string]string{"time": wireTime(c.now).time().Format(time.RFC3339), "advanced": c.Offset.String()})
}

// adminAdvance moves the world's clock on: {"advance":"36h"} or "30d".
func adminAdvance(c *call) (answer, error) {
	var in struct {
		Advance string `json:"advance"`
	}
	if err := c.decodeStrict(&in); err != nil {
		return answer{}, err
	}
	d, err := time.ParseDuration(in.Advance)
	if days, isDays := strings.CutSuffix(in.Advance, "d"); isDays {
		var n uint64
		n, err = strconv.ParseUint(days, 10, 16)
		d = time.Duration(n) * 24 * time.Hour
	}
	if err != nil {
		return answer{}, errInvalid("advance %q: use a duration such as 36h or 30d", in.Advance)
	}
	if err := c.advance(d); err != nil {
		return answer{}, err
	}
	return adminClock(c)
}

func adminSettings(c *call) (answer, error) { return ok(c.Settings) }

// adminChange merges the body into the settings. A mode of MDM takes effect
// now, as if an administrator had set it.
func adminChange(c *call) (answer, error) {
	mode := c.Settings.MDMMode
	changed := c.Settings
	if err := c.decodeStrict(&changed); err != nil {
		return answer{}, err
	}
	if changed.ExternalMDM { // the two exclude each other (rule R21)
		changed.MDMMode = modeNotInUse
	}
	if err := changed.check(); err != nil {
		return answer{}, err
	}
	c.Settings = changed
	if c.setMode(changed.MDMMode); mode != modeNotInUse && changed.MDMMode == modeNotInUse {
		if err := c.cancelRequested(c.tx, ""); err != nil {
			return answer{}, err
		}
	}
	return ok(c.Settings)
}

func adminFaults(c *call) (answer, error) {
	faults, err := loadFaults(c.tx)
	if err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"faults": append([]Fault{}, faults...)})
}

func adminAddFault(c *call) (answer, error) {
	var in struct {
		Fault
		RetryAfter textOrNumber `json:"retryAfter"`
	}
	if err := c.decodeStrict(&in); err != nil {
		return answer{}, err
	}
	in.Fault.RetryAfter = string(in.RetryAfter)
	f, err := addFault(c.tx, in.Fault)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: f}, nil
}

func adminClearFaults(c *call) (answer, error) {
	return answer{status: http.StatusNoContent}, c.tx.Delete(bucketMeta, keyFaults)
}

// adminStats counts what was really done, by action and id of the device,
// member or command: {"notify":{"5e0c…":1}}.
func adminStats(c *call) (answer, error) {
	stats := map[string]map[string]json.Number{}
	for k, v := range c.tx.Ascend(bucketStats, "") {
		action, subject, _ := strings.Cut(k, "/")
		if stats[action] == nil {
			stats[action] = map[string]json.Number{}
		}
		stats[action][subject] = json.Number(v)
	}
	return ok(stats)
}
