package sandbox

import "math"

// management is a device's MDM state from a moment on.
type management struct {
	status, provider string
	since            int64
}

// mdm is the management state of a row at t. It follows the row's last stored
// change through the tenant's modes: members register some days after they are
// asked (rule R14), all are asked when the tenant requires MDM (R15), a few
// switch it off again, and nobody is registered while it is not in use (R13).
func (w *world) mdm(r *row, t int64) management {
	switch {
	case r.typ != typeMobile:
		return management{mdmUnregistered, providerNone, r.mdmSince}
	case w.Settings.ExternalMDM || r.provider == providerExternal: // rule R4
		return management{mdmUnregistered, providerExternal, r.mdmSince}
	}
	status, since := r.mdm, r.mdmSince
	for i, change := range w.History {
		if i < int(r.mdmMode) || change.At > t {
			continue
		}
		end := int64(math.MaxInt64)
		if i+1 < len(w.History) {
			end = w.History[i+1].At
		}
		asked := i > int(r.mdmMode) // the mode changed after the device did
		switch {
		case change.Mode == modeNotInUse && status != mdmUnregistered:
			status, since = mdmUnregistered, max(change.At, since)
		case change.Mode == modeRequired && status == mdmUnregistered && asked:
			status, since = mdmPending, change.At
		}
		if change.Mode == modeNotInUse {
			continue
		}
		if status == mdmPending {
			if when, ok := w.registers(r, since, change.Mode); ok && when <= t && when < end {
				status, since = mdmRegistered, when
			}
		}
		if status == mdmRegistered && change.Mode == modeOptional {
			if when, ok := w.switchesOff(r, since); ok && when <= t && when < end {
				status, since = mdmUnregistered, when
			}
		}
	}
	if status == mdmUnregistered {
		return management{status, providerNone, since}
	}
	return management{status, providerWorks, since}
}

// registers says when the member of a PENDING device registers it: 3 of 4 do
// when asked, 9 of 10 when they must.
func (w *world) registers(r *row, asked int64, mode string) (int64, bool) {
	of20 := int64(15)
	if mode == modeRequired {
		of20 = 18
	}
	if w.roll(r.id, "registers", 0, 20) >= of20 {
		return 0, false
	}
	return r.nextOnline(asked + hour + w.roll(r.id, "register delay", 0, 3*day))
}

// switchesOff says when the member of a REGISTERED device ends remote
// management: 1 of 16 does, after 20 to 200 days.
func (w *world) switchesOff(r *row, registered int64) (int64, bool) {
	if w.roll(r.id, "switches off", 0, 16) != 0 {
		return 0, false
	}
	return registered + 20*day + w.roll(r.id, "off delay", 0, 180*day), true
}

// mdmEnds is the first time after t at which the member of a device that is
// registered at t ends its management, if the tenant's mode stays as it is.
func (w *world) mdmEnds(r *row, t int64) (int64, bool) {
	m := w.mdm(r, t)
	if m.status != mdmRegistered {
		return t, true
	}
	if w.Settings.MDMMode != modeOptional {
		return 0, false
	}
	when, ok := w.switchesOff(r, m.since)
	return when, ok && when > t
}

// setMDM stores a change of management that happens now.
func (w *world) setMDM(r *row, status string) {
	r.mdm, r.mdmSince, r.mdmMode = status, w.now, int64(len(w.History)-1)
}

// setMode records a change of the tenant's mode that happens now.
func (w *world) setMode(mode string) {
	if w.Settings.MDMMode = mode; w.History[len(w.History)-1].Mode != mode {
		w.History = append(w.History, modeChange{At: w.now, Mode: mode})
	}
}
