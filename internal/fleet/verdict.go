package fleet

import "github.com/worksctl/worksctl/pkg/api"

// Tenant is what GET /security/mdm says of a device's domain. The zero Tenant
// will do for [Notify], which doesn't ask for it.
type Tenant struct {
	Mode     api.MDMMode // R13
	External bool        // a third-party MDM is in use (R21)
}

// Outcome says whether an action makes sense.
type Outcome string

// The outcomes. Their values stand in JSON.
const (
	Possible   Outcome = "possible"
	Pointless  Outcome = "pointless"  // nothing to do: such a device is skipped
	Impossible Outcome = "impossible" // must not or can't be done: such a device is refused
)

// The codes of verdicts. They stand in journals and in JSON.
const (
	CodeNotMobile         = "NOT_MOBILE"         // R22
	CodeExternalMDM       = "EXTERNAL_MDM"       // R21
	CodeMDMNotInUse       = "MDM_NOT_IN_USE"     // R16: the tenant
	CodeMDMNotRegistered  = "MDM_NOT_REGISTERED" // R16: the device
	CodeAlreadyRegistered = "ALREADY_REGISTERED" // nothing to enable
	CodeNotRegistered     = "NOT_REGISTERED"     // nothing to disable
	CodeUnknownList       = "UNKNOWN_LIST"       // R11: no notice without a list
	CodeUnknownState      = "UNKNOWN_STATE"      // a value that this version doesn't know
	CodeUnknownAction     = "UNKNOWN_ACTION"     // from the journal of a newer version
)

// Verdict says whether an action can be done to a device now, and if not, why
// and what can be done instead. Reason and Remedy are for a person: one line
// each, without a full stop.
type Verdict struct {
	Outcome Outcome
	Code    string // empty when possible
	Reason  string // empty when possible
	Remedy  string // what to do instead; only of an impossible action
}

// Judge is the one table of what can be done to which device (R11, R13 to R22).
// Of several reasons it names the one that is hardest to change: the list, then
// a third-party MDM, then the tenant's MDM, then the device. A value that this
// version doesn't know makes everything but a notice impossible: worksctl
// doesn't act on what it can't read.
func Judge(a Action, d *api.Device, t Tenant) Verdict {
	c := asked{a, d, t}
	s := c.state()
	switch a {
	case Notify: // whatever its MDM (R10)
		if s == unlisted {
			return c.unknownList()
		}
		return possible()
	case Wipe, Reset, EnableMDM, DisableMDM:
	default:
		return c.unknownAction()
	}
	switch s {
	case notMobile:
		return c.notMobile()
	case external:
		return c.external()
	case mdmOff:
		if a == DisableMDM {
			return pointless(CodeMDMNotInUse, mdmNotInUse)
		}
		return c.mdmNotInUse()
	case registered:
		if a == EnableMDM {
			return pointless(CodeAlreadyRegistered, "the device is registered for remote management already")
		}
		return possible()
	case pending:
		if a == Wipe || a == Reset {
			return c.pending()
		}
		return possible() // the member is asked again, or no longer
	case unregistered:
		switch a {
		case EnableMDM:
			return possible()
		case DisableMDM:
			return pointless(CodeNotRegistered, "the device is not registered for remote management")
		}
		return c.unregistered()
	}
	return c.unknownState()
}

// state is what the verdict on any action follows from.
type state int

const (
	unlisted     state = iota // of no list that this version knows
	notMobile                 // of the PC or the Drive list
	external                  // the device or its tenant is under a third-party MDM
	mdmOff                    // the tenant's MDM is not in use
	unreadable                // a value is not known, or two contradict each other
	registered                // under NAVER WORKS MDM
	pending                   // the member was asked to register it
	unregistered              // under no MDM
)

// asked is what [Judge] is asked for.
type asked struct {
	action Action
	device *api.Device
	tenant Tenant
}

// state holds the order in which reasons count.
func (c asked) state() state {
	switch c.device.Type {
	case api.TypeMobile:
	case api.TypePC, api.TypeDriveMobile:
		return notMobile
	default:
		return unlisted
	}
	mdm := c.device.MDM
	if mdm.Provider == api.ProviderExternal || c.tenant.External {
		return external
	}
	switch c.tenant.Mode {
	case api.MDMOptional, api.MDMRequired:
	case api.MDMNotInUse:
		return mdmOff
	default:
		return unreadable
	}
	switch {
	case mdm.Provider != api.ProviderNaverWorks && mdm.Provider != api.ProviderNone:
		return unreadable
	case mdm.Status == api.MDMRegistered && mdm.Provider == api.ProviderNaverWorks:
		return registered
	case mdm.Status == api.MDMPending:
		return pending
	case mdm.Status == api.MDMUnregistered:
		return unregistered
	}
	return unreadable
}
