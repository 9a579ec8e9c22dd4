// Package seed invents the fleet that the sandbox starts with: members and
// devices as a Korean and Japanese office has them, awkward spellings, old
// versions and twice-listed phones included. The same options give the same
// fleet, byte for byte, on every machine.
package seed

import (
	"iter"
	"time"
)

// What zero values of [Options] stand for, and the largest fleet.
const (
	DefaultDevices  = 1000
	DefaultSeed     = 1
	DefaultDomainID = 10000001
	MaxDevices      = 1_000_000 // for callers to refuse more; larger fleets work but are not tested
)

// Options say which fleet to make.
type Options struct {
	Devices  int       // number of devices, with 0.64 members each; 0 is DefaultDevices
	Seed     uint64    // number of the fleet; 0 is DefaultSeed
	Now      time.Time // the last access of every device is before it; required
	DomainID int32     // domain of all members and devices; 0 is DefaultDomainID
}

// Device is a row of a device list (R1, R3) and what a back end knows about it
// beyond the list.
type Device struct {
	DeviceID     string // lower-case UUID; names the row, not the phone
	DomainID     int32
	Type         string // MOBILE, PC or DRIVE_MOBILE (R1)
	Model        string
	VendorID     string // always set: hiding it (R5) is the back end's work
	SerialNumber string // likewise; shared by the rows of a phone that was reset
	UserID       string // the member signed in now
	UserEmail    string
	UserName     string
	OSType       string // IOS, ANDROID, WINDOWS or MACOS
	OSVersion    string
	AppType      string // WORKS_MOBILE, WORKS_PC, DRIVE_EXPLORER or DRIVE_MOBILE
	AppVersion   string // a few have a suffix, a few are unreadable
	MDMStatus    string // REGISTERED, PENDING or UNREGISTERED
	MDMProvider  string // NAVER_WORKS, EXTERNAL or NONE; EXTERNAL is always UNREGISTERED (R4)
	LastAccess   time.Time
	Habit        Habit
	OtherAccount string // user id of a second account on the device, not signed in now (R17), or empty
}

// Member is a member of the tenant, with the fields of GET /users.
type Member struct {
	UserID        string // lower-case UUID
	DomainID      int32
	Email         string // unique; in a domain that RFC 2606 reserves
	ExternalKey   string // personnel number, some with leading zeros, or empty
	UserName      string // family and given name as the console shows them
	LastName      string
	FirstName     string
	PhoneticLast  string // katakana for Japanese names, else empty
	PhoneticFirst string
	NickName      string // or empty
	Language      string // ko_KR, ja_JP or en_US
	OrgUnitID     string
	OrgUnitName   string
	Administrator bool
	Suspended     bool
	Pending       bool // has never signed in, and so has no device
	Devices       int  // number of devices in the fleet, 0 to 5
}

// AppVersion is the newest version of an app on an operating system.
type AppVersion struct{ AppType, OSType, LatestVersion string }

// Habit says how often a device is online (R20).
type Habit string

// The habits.
const (
	Daily   Habit = "DAILY"
	Weekly  Habit = "WEEKLY"
	Monthly Habit = "MONTHLY"
	Gone    Habit = "GONE" // never comes online by itself again
)

// Interval returns the usual time from one day online to the next, 0 for
// [Gone] and for a habit that this version doesn't know.
func (h Habit) Interval() time.Duration {
	switch h {
	case Daily:
		return day
	case Weekly:
		return 7 * day
	case Monthly:
		return 30 * day
	default:
		return 0
	}
}

// Generate yields the devices of the fleet, those of one member next to each
// other. It holds a few dozen members in memory whatever the fleet's size, and
// can be ranged over again.
func Generate(o Options) iter.Seq[Device] {
	return func(yield func(Device) bool) {
		f := newFleet(o)
		for b := range f.blocks() {
			members := f.members(b)
			var before Device
			for slot, owner := range b.owners {
				d := f.device(b.firstDevice+slot, &members[owner], &members[(int(owner)+1)%len(members)])
				if f.isEarlierRow(&d, &before) {
					f.makeEarlierRow(&d, &before)
				}
				before = d
				if !yield(d) {
					return
				}
			}
		}
	}
}

// Members yields the members of the fleet, also those without a device. The
// devices that [Generate] yields for the same options belong to them.
func Members(o Options) iter.Seq[Member] {
	return func(yield func(Member) bool) {
		f := newFleet(o)
		for b := range f.blocks() {
			for _, m := range f.members(b) {
				if !yield(m) {
					return
				}
			}
		}
	}
}
