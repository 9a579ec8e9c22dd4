package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
)

// Settings are what a tenant of the sandbox can be set to, through
// PATCH /sandbox/settings. A PATCH changes only the members it names.
type Settings struct {
	// Plan is the tenant's plan, see [plans]. FREE lacks the device area.
	Plan string `json:"plan"`
	// MDMMode is NOT_IN_USE, OPTIONAL or REQUIRED (rule R13).
	MDMMode string `json:"mdmMode"`
	// ExternalMDM says that a third-party MDM is in use (rules R4, R21);
	// setting it ends NAVER WORKS MDM.
	ExternalMDM bool `json:"externalMdm"`
	// DeviceAPI false makes a server without any device API: 404 with an
	// empty body to everything under /security.
	DeviceAPI bool `json:"deviceApi"`
	// ResetAPI false makes reset answer 403 ACCESS_DENIED.
	ResetAPI bool `json:"resetApi"`
	// RateLimit is the number of requests a minute for each operation; 0: no
	// limit, -1: the plan's, 60 for FREE and 240 for the others.
	RateLimit int `json:"rateLimit"`
	// MaxCount is the largest count of a page of devices and commands, 1 to 1000.
	MaxCount int `json:"maxCount"`
	// OverCount says what a larger count gets: "error" (400 OUT_OF_RANGE) or
	// "empty" (a page without rows, as published endpoints were seen to answer).
	OverCount string `json:"overCount"`
	// LastPage is the form of the last page's nextCursor: "null", "empty",
	// "absent", or "missing" when responseMetaData itself is left out.
	LastPage string `json:"lastPage"`
	// HonorIdempotencyKeys answers a repeated key as the first time, acting once.
	HonorIdempotencyKeys bool `json:"honorIdempotencyKeys"`
	// KeepIdempotencyKeys shows the key in the command; false: null there.
	KeepIdempotencyKeys bool `json:"keepIdempotencyKeys"`
	// SingleToken makes a new token of a subject end its previous one.
	SingleToken bool `json:"singleToken"`
	// TokenSeconds is the life of an access token.
	TokenSeconds int `json:"tokenSeconds"`
	// BotOutside lists the ids of members whom the bots are not opened to.
	BotOutside []string `json:"botOutside"`
	// Clients are the registered apps by client id. A client id that is not
	// listed is accepted with any secret and any key.
	Clients map[string]Client `json:"clients"`
	// AppVersions are the latest versions that the back end names.
	AppVersions []AppVersion `json:"appVersions"`
}

// Client is a registered app: its secret and the public key of its service
// account as PEM. What is empty is not checked.
type Client struct {
	Secret         string `json:"secret"`
	ServiceAccount string `json:"serviceAccount"`
	PublicKey      string `json:"publicKey"`
}

// planFree lacks the device area (rule R9).
const planFree = "FREE"

// plans are the names of the plans, all but FREE with the device area.
func plans() []string {
	return []string{planFree, "DRIVE", "APPROVAL", "CORE_LITE", "CORE_STANDARD", "CORE_STANDARD_PLUS"}
}

func defaultSettings() Settings {
	return Settings{
		Plan: "CORE_STANDARD", MDMMode: modeOptional, DeviceAPI: true, ResetAPI: true,
		RateLimit: -1, MaxCount: 1000, OverCount: "error", LastPage: "null",
		HonorIdempotencyKeys: true, KeepIdempotencyKeys: true, TokenSeconds: 86400,
	}
}

func (s *Settings) check() error {
	switch {
	case !slices.Contains(plans(), s.Plan):
		return errInvalid("plan %q: use one of %s", s.Plan, strings.Join(plans(), ", "))
	case !slices.Contains([]string{modeNotInUse, modeOptional, modeRequired}, s.MDMMode):
		return errInvalid("mdmMode %q: use NOT_IN_USE, OPTIONAL or REQUIRED", s.MDMMode)
	case s.MaxCount < 1 || s.MaxCount > 1000:
		return errInvalid("maxCount %d: use 1 to 1000", s.MaxCount)
	case s.OverCount != "error" && s.OverCount != "empty":
		return errInvalid("overCount %q: use error or empty", s.OverCount)
	case !slices.Contains([]string{"null", "empty", "absent", "missing"}, s.LastPage):
		return errInvalid("lastPage %q: use null, empty, absent or missing", s.LastPage)
	case s.RateLimit < -1:
		return errInvalid("rateLimit %d: use a number of requests, 0 for no limit or -1 for the plan's", s.RateLimit)
	case s.TokenSeconds < 1:
		return errInvalid("tokenSeconds %d: use at least 1", s.TokenSeconds)
	}
	return nil
}

// state is the one record of everything about a sandbox that is not a row.
type state struct {
	Settings  Settings      `json:"settings"`
	History   []modeChange  `json:"history"` // of the MDM mode, oldest first; never empty
	Offset    time.Duration `json:"offset"`  // of the world's clock against the real one
	Seed      uint64        `json:"seed"`
	Devices   int           `json:"devices"` // seeded
	Members   int           `json:"members"` // seeded
	DomainID  int32         `json:"domainId"`
	SeededAt  time.Time     `json:"seededAt"`
	Commands  uint64        `json:"commands"` // requested so far, for their ids
	TokenKey  []byte        `json:"tokenKey"`
	DomainIDs []int32       `json:"domainIds"`
}

// modeChange is the tenant's MDM mode from a moment on.
type modeChange struct {
	At   int64  `json:"at"`
	Mode string `json:"mode"`
}

const keyState = "state"

// errNotSeeded means that a store is still empty.
var errNotSeeded = errors.New("sandbox: the store holds no fleet")

// errDamaged means that nothing but a reset helps.
func errDamaged(cause error) error {
	e := exit.Failedf("SANDBOX_DAMAGED", "worksctl sandbox reset", "the sandbox's data are damaged")
	e.Err = cause
	return e
}

func loadState(tx Tx) (*state, error) {
	b := tx.Get(bucketMeta, keyState)
	if b == nil {
		return nil, errNotSeeded
	}
	st := new(state)
	if err := json.Unmarshal(b, st); err != nil {
		return nil, errDamaged(fmt.Errorf("read its state: %w", err))
	}
	return st, nil
}

func saveState(tx Tx, st *state) error { return putJSON(tx, bucketMeta, keyState, st) }

func putJSON(tx Tx, b Bucket, key string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.Put(b, key, data)
}

// getJSON reads key into v; false if there is none.
func getJSON(tx Tx, b Bucket, key string, v any) (bool, error) {
	data := tx.Get(b, key)
	if data == nil {
		return false, nil
	}
	if err := json.Unmarshal(data, v); err != nil {
		return false, fmt.Errorf("sandbox store: damaged %s %q: %w", b, key, err)
	}
	return true, nil
}
