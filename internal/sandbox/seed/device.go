package seed

import "time"

// The device lists, management states and providers of the contract.
const (
	mobile      = "MOBILE"
	pc          = "PC"
	driveDevice = "DRIVE_MOBILE"

	registered   = "REGISTERED"
	pending      = "PENDING"
	unregistered = "UNREGISTERED"

	naverWorks = "NAVER_WORKS"
	external   = "EXTERNAL"
	none       = "NONE"
)

const day = 24 * time.Hour

// device makes the device at index, which belongs to owner; other is a member
// who may have an account on it, too.
func (f *fleet) device(index int, owner, other *Member) Device {
	f.draw(streamDevice, index)
	kind := f.listOf()
	m, a := f.modelAndApp(kind, owner.Language)
	habit, ago, percentOld := f.habit()
	d := Device{
		DeviceID:   f.uuid(),
		DomainID:   f.DomainID,
		Type:       kind,
		UserID:     owner.UserID,
		UserEmail:  owner.Email,
		UserName:   owner.UserName,
		AppType:    a.kind,
		LastAccess: f.Now.Add(-ago),
		Habit:      habit,
	}
	d.AppVersion = f.appVersion(a, percentOld)
	d.MDMStatus, d.MDMProvider = f.management(kind)
	if index == 0 {
		m = f.showcase(&d)
	}
	d.Model, d.OSType = m.name, m.os
	d.VendorID, d.SerialNumber = f.vendorID(m.os), f.serial(m)
	d.OSVersion = f.systemVersion(m)
	if f.chance(2) && other.UserID != owner.UserID {
		d.OtherAccount = other.UserID
	}
	return d
}

// showcase makes the first device one that every example can act on: under
// management, online every day, with an outdated app.
func (f *fleet) showcase(d *Device) model {
	d.Type, d.AppType, d.AppVersion = mobile, worksMobile, "4.2.1"
	d.MDMStatus, d.MDMProvider = registered, naverWorks
	d.Habit, d.LastAccess = Daily, f.Now.Add(-2*time.Hour)
	return f.phones[korean][0]
}

func (f *fleet) listOf() string {
	switch n := f.IntN(100); {
	case n < 65:
		return mobile
	case n < 95:
		return pc
	default:
		return driveDevice
	}
}

func (f *fleet) modelAndApp(kind, language string) (model, app) {
	list, a := f.phones[language], app{kind: worksMobile}
	switch kind {
	case driveDevice:
		a.kind = driveMobile
	case pc:
		list, a.kind = f.computers[language], worksPC
		if f.chance(20) {
			a.kind = driveExplorer
		}
	}
	m := common(f, list)
	a.os = m.os
	return m, a
}

// habit draws how often a device is online, how long ago it was, and how
// likely its app is outdated. Together 35 % are.
func (f *fleet) habit() (h Habit, ago time.Duration, percentOld float64) {
	switch n := f.IntN(1000); {
	case n < 580:
		return Daily, f.between(time.Minute, 2*day), 22
	case n < 750:
		return Weekly, f.between(day, 9*day), 35
	case n < 840:
		return Monthly, f.between(5*day, 40*day), 55
	case n < 846:
		return Gone, f.edge(), 75
	default: // most of them gone for months, few for years
		u := f.Float64()
		return Gone, 40*day + time.Duration(u*u*float64(f.sinceFloor()-40*day)).Truncate(time.Second), 75
	}
}

// edge is a span that filters and R2 are cut at, or a second beside it.
func (f *fleet) edge() time.Duration {
	at := anyOf(f, []time.Time{f.Now.Add(-30 * day), f.Now.AddDate(0, -6, 0), f.Now.AddDate(-1, 0, 0), f.floor()})
	ago := f.Now.Sub(at)
	if ago < f.sinceFloor() {
		ago += time.Duration(f.IntN(3)-1) * time.Second
	}
	return ago
}

// floor is the earliest last access of a listed device: a day short of three
// years (R2), so that a new sandbox doesn't begin by dropping rows.
func (f *fleet) floor() time.Time { return f.Now.AddDate(-3, 0, 1) }

func (f *fleet) sinceFloor() time.Duration { return f.Now.Sub(f.floor()) }

// management draws a device's MDM state (R4). Computers know no NAVER WORKS
// MDM.
func (f *fleet) management(kind string) (status, provider string) {
	n := f.IntN(100)
	switch {
	case kind == pc && n < 92:
		return unregistered, none
	case kind == pc, n < 10:
		return unregistered, external
	case n < 55:
		return registered, naverWorks
	case n < 63:
		return pending, naverWorks
	default:
		return unregistered, none
	}
}

// isEarlierRow decides whether d is the row that the phone of the row before
// had until it was reset or handed on.
func (f *fleet) isEarlierRow(d, before *Device) bool {
	return d.Type == mobile && before.Type == mobile && f.chance(3)
}

// makeEarlierRow makes d that row: the same phone with another device id and
// Vendor ID (R5), last seen before the reset.
func (f *fleet) makeEarlierRow(d, before *Device) {
	d.Model, d.OSType, d.OSVersion, d.SerialNumber = before.Model, before.OSType, before.OSVersion, before.SerialNumber
	d.AppVersion = f.appVersion(app{worksMobile, d.OSType}, 75)
	d.VendorID = f.vendorID(d.OSType)
	d.Habit = Gone
	d.LastAccess = before.LastAccess.Add(-f.between(day, 200*day))
	if floor := f.floor(); d.LastAccess.Before(floor) {
		d.LastAccess = floor
	}
}
