package consolefile

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

// parts puts a device together from the cells of its row.
type parts struct {
	*reader
	row    *Row
	in     sheet.Row
	column Column // that is being read
	app    string // the app as named in its cell, whose type depends on other cells
}

// read reads a cell. Whatever is wrong with it leaves its fields empty.
func (p *parts) read(c Column, in sheet.Cell) {
	p.column = c
	text, why := taken(in)
	if why == "" && isMisread(in.Text) {
		why = strconv.Quote(text) + " " + misread
	}
	if why == "" && text != "" {
		why = p.set(c, in, text)
	}
	if why != "" {
		p.row.add(c.Header, why)
	}
}

func (p *parts) set(c Column, in sheet.Cell, text string) (why string) {
	d := &p.row.Device
	has := func(key string) bool { return slices.Contains(c.Keys, key) }
	switch {
	case has(fleet.KeyOS):
		return p.setOS(c, in, text)
	case has(fleet.KeyApp):
		return p.setApp(c, in, text)
	case has(fleet.KeyUserName):
		return p.setUser(in, text)
	}
	switch key := c.Keys[0]; key {
	case fleet.KeyDeviceID, fleet.KeyVendorID, fleet.KeySerialNumber:
		return p.setID(key, in, text)
	case fleet.KeyOSVersion, fleet.KeyAppVersion:
		field := &d.OS.Version
		if key == fleet.KeyAppVersion {
			field = &d.App.Version
		}
		return p.setVersion(key, field, in, text)
	case fleet.KeyLastAccess:
		d.LastAccessTime, why = p.access(in, text)
		return why
	case fleet.KeyModel:
		if why := cmp.Or(nameCell(in, text), p.doubt(text, p.modelDamage(text))); why != "" {
			return why
		}
		d.Model = text
	case fleet.KeyUserID, fleet.KeyUserEmail:
		return p.setLogin(key, in, text)
	case fleet.KeyType:
		return orUnknown(&d.Type, listType(text), "is no list of devices: mobile, PC or Drive"+p.leaveOut(), text)
	case fleet.KeyMDMStatus:
		if isSetting(text) {
			return ""
		}
		status, provider := mdmState(text)
		if provider != "" {
			d.MDM.Provider = provider
		}
		return orUnknown(&d.MDM.Status, status, "is no state of remote management: registered, pending or unregistered"+p.leaveOut(), text)
	case fleet.KeyMDMProvider:
		provider, _ := wire(text, api.ProviderNaverWorks, api.ProviderExternal, api.ProviderNone)
		return orUnknown(&d.MDM.Provider, provider, "is no provider of remote management: NAVER_WORKS, EXTERNAL or NONE", text)
	case fleet.KeyDomainID:
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 1 {
			return strconv.Quote(text) + " is no domain id" + p.leaveOut()
		}
		d.DomainID = int32(n)
	}
	return ""
}

func orUnknown[T ~string](field *T, value T, what, text string) string {
	if value == "" {
		return strconv.Quote(text) + " " + what
	}
	*field = value
	return ""
}

func (p *parts) setID(key string, in sheet.Cell, text string) string {
	d := &p.row.Device
	if why := idCell(in, text); why != "" || isAbsent(text) && !p.column.exact {
		return why
	}
	why := cmp.Or(p.shapes.idDamage(text), p.suspect[key][p.row.Number], stray(key, text))
	const shortest = 4 // of serial numbers and Vendor IDs
	switch {
	case why != "":
	case key != fleet.KeySerialNumber && strings.ContainsAny(text, " \t\r\n"):
		why = strconv.Quote(text) + " has a blank in it, as no id has: are the cells shifted?"
	case key != fleet.KeyDeviceID && len(text) < shortest:
		why = strconv.Quote(text) + " is too short for an id: are the cells shifted?"
	case strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 }) >= 0:
		why = strconv.Quote(text) + " has letters that no id has: are the cells shifted?"
	}
	if why = p.doubt(text, why); why != "" {
		return why
	}
	switch key {
	case fleet.KeyDeviceID:
		d.DeviceID = text
	case fleet.KeyVendorID:
		d.VendorID = api.Nullable(text)
	default:
		d.SerialNumber = api.Nullable(text)
	}
	return ""
}

// isSingle reports whether a key has a column of its own.
func (f *File) isSingle(key string) bool {
	c, ok := f.column(key)
	return ok && len(c.Keys) == 1
}

func (p *parts) setOS(c Column, in sheet.Cell, text string) string {
	name, version := splitVersion(text)
	if len(c.Keys) == 1 && osType(text) != "" {
		name, version = text, ""
	}
	if name != "" && !p.named[fleet.KeyOS] && (startsWithDigit(name) || strings.IndexFunc(name, unicode.IsLetter) < 0) {
		name, version = "", text // no system is called so, and here none need be named
	}
	joined := slices.Contains(c.Keys, fleet.KeyOSVersion)
	why, damage := "", p.shapes.nameDamage(text)
	switch quoted := strconv.Quote(text); {
	case name == "" && p.named[fleet.KeyOS] && (!joined || damage != ""):
		why = cmp.Or(damage, quoted+" names no system: are the cells shifted?")
	case name == "": // the system isn't known then
		why = p.shapes.versionDamage(fleet.KeyOSVersion, text)
	case damage != "" || stray(fleet.KeyOS, text) != "":
		why = cmp.Or(damage, stray(fleet.KeyOS, text))
	case systemOf(name) == "" && !isOther(name) && p.named[fleet.KeyOS]:
		why = quoted + " is no system, as the other cells are: are the cells shifted?"
	case version != "" && !isVersion(version) && !p.shapes.isEdition(version):
		why = strconv.Quote(version) + " is no version of a system"
	}
	if certain := cmp.Or(nameCell(in, text), versionCell(fleet.KeyOSVersion, in, text)); certain != "" {
		return certain
	}
	if why = p.doubt(text, why); why != "" {
		return why
	}
	p.row.Device.OS.Type = cmp.Or(systemOf(name), api.OSType(name))
	if slices.Contains(c.Keys, fleet.KeyOSVersion) {
		p.row.Device.OS.Version = version
	}
	return ""
}

func (p *parts) setApp(c Column, in sheet.Cell, text string) string {
	name, version := splitVersion(text)
	if len(c.Keys) == 1 && appType(text, false) != "" {
		name, version = text, ""
	}
	if isAbsent(text) {
		return ""
	}
	why, damage := "", p.shapes.nameDamage(text)
	switch quoted := strconv.Quote(text); {
	case name == "" && p.named[fleet.KeyApp]:
		why = cmp.Or(damage, quoted+" names no app: are the cells shifted?")
	case name == "": // a version alone: which app it is, the list tells
		why = p.shapes.versionDamage(fleet.KeyAppVersion, text)
	case damage != "":
		why = damage
	case stray(fleet.KeyApp, text) != "":
		why = stray(fleet.KeyApp, text)
	case !isKnownApp(name) && p.named[fleet.KeyApp] && !mayBeApp(name, version, p.own(p.in, fleet.KeyAppVersion)):
		why = quoted + " is no app of NAVER WORKS, as the other cells are: are the cells shifted?"
	case version != "" && !isVersion(version):
		why = strconv.Quote(version) + " is no version of an app"
	}
	if certain := cmp.Or(nameCell(in, text), versionCell(fleet.KeyAppVersion, in, text)); certain != "" {
		return certain
	}
	if severalApps(text) {
		return strconv.Quote(text) + " names several apps, and a row is for one: make a row for each"
	}
	if why = p.doubt(text, why); why != "" {
		return why
	}
	p.app = name
	if slices.Contains(c.Keys, fleet.KeyAppVersion) {
		p.row.Device.App.Version = version
	}
	return ""
}

// setVersion reads a version that has a column of its own, perhaps with the
// name of what it is of.
func (p *parts) setVersion(key string, field *string, in sheet.Cell, text string) string {
	name, version := splitVersion(text)
	if known := key == fleet.KeyOSVersion && systemName(name) != "" || key == fleet.KeyAppVersion && isApp(name); name != "" && !known {
		version = text
	}
	if isAbsent(text) && !isNoVersion(text) && !p.column.exact {
		return ""
	}
	why := cmp.Or(versionCell(key, in, text), p.doubt(text, p.shapes.versionDamage(key, version), p.suspect[key][p.row.Number]))
	if why == "" {
		*field = version
	}
	return why
}

// access reads the time of the last access.
func (p *parts) access(in sheet.Cell, text string) (at, why string) {
	if isAbsent(text) {
		return "", ""
	}
	if in.Kind == sheet.Number {
		date, ok := p.sheet.Serial(text)
		if !ok {
			return "", strconv.Quote(text) + " is a number and no date"
		}
		text = date
	}
	s, ok := p.clock.read(text)
	switch {
	case !ok:
		return "", strconv.Quote(text) + " is no time such as 2026-11-20 10:15"
	case !s.timed && s.zoned.IsZero() && p.timed > 0:
		if why = p.doubt(text, strconv.Quote(text)+" has no time of day, as the other rows have"); why != "" {
			return "", why
		}
	}
	t, why := p.clock.time(s, p.clock.order)
	if why != "" {
		return "", strconv.Quote(text) + " " + why
	}
	if p.clock.isLate(t) {
		if why = p.doubt(text, p.late(s, text)); why != "" {
			return "", why
		}
	}
	return t.Format(time.RFC3339), ""
}

// finish fills in what one cell tells about another's: which app it is, and
// which list the device is of.
func (p *parts) finish() {
	d := &p.row.Device
	p.exchangedIDs()
	p.otherSystem()
	if c, _ := p.file.column(fleet.KeyUserID); c.domain != "" && isBareLogin(d.User.UserID) {
		d.User.Email = cmp.Or(d.User.Email, strings.ToLower(d.User.UserID)+"@"+c.domain)
		d.User.UserID = ""
	}
	if local, _, ok := strings.Cut(d.User.Email, "@"); ok && p.locals[d.User.UserID] && strings.EqualFold(local, d.User.UserID) {
		d.User.UserID = "" // of several domains
	}
	pc := d.OS.Type == api.OSWindows || d.OS.Type == api.OSMacOS || d.Type == api.TypePC
	phone := d.OS.Type == api.OSIOS || d.OS.Type == api.OSAndroid
	d.App.Type = appType(p.app, pc || !phone && p.options.Type == api.TypePC)
	if d.App.Type == "" {
		d.App.Type = api.AppType(p.app)
	}
	if d.Type == "" {
		switch d.App.Type {
		case api.AppWorksMobile:
			d.Type = api.TypeMobile
		case api.AppWorksPC, api.AppDriveExplorer:
			d.Type = api.TypePC
		case api.AppDriveMobile:
			d.Type = api.TypeDriveMobile
		}
	}
	if d.Type == "" && pc {
		d.Type = api.TypePC
	}
	d.Type = cmp.Or(d.Type, p.options.Type)
	if d.App.Type == "" && d.App.Version != "" {
		switch d.Type {
		case api.TypeMobile:
			d.App.Type = api.AppWorksMobile
		case api.TypeDriveMobile:
			d.App.Type = api.AppDriveMobile
		}
	}
}

// otherSystem finds a model that never has the system of its row. People give
// devices names: only what a maker's models are called proves it.
func (p *parts) otherSystem() {
	d := &p.row.Device
	apple := d.OS.Type == api.OSIOS
	others := d.OS.Type == api.OSAndroid || d.OS.Type == api.OSWindows
	if apple && p.shapes.android.MatchString(d.Model) || others && p.shapes.apple.MatchString(d.Model) {
		c, _ := p.file.column(fleet.KeyModel)
		why := strconv.Quote(d.Model) + " never has the system of this row: are the cells shifted, or was a column sorted by itself?"
		if why = p.reader.doubt(c, d.Model, why); why != "" {
			p.row.add(c.Header, why)
			d.Model = ""
		}
	}
}

// exchangedIDs finds ids that stand in each other's column. The Vendor ID of
// Apple's systems is a UUID; no serial number is one.
func (p *parts) exchangedIDs() {
	d := &p.row.Device
	isUUID := func(id api.Nullable) bool { return p.shapes.uuid.MatchString(string(id)) }
	apple := d.OS.Type == api.OSIOS || d.OS.Type == api.OSMacOS
	if p.file.has(fleet.KeyVendorID) && isUUID(d.SerialNumber) && !isUUID(d.VendorID) {
		p.exchanged(fleet.KeySerialNumber, &d.SerialNumber, " has the shape of a Vendor ID: are the cells shifted?")
	}
	if apple && p.uuids && d.VendorID != "" && !isUUID(d.VendorID) {
		p.exchanged(fleet.KeyVendorID, &d.VendorID, " is no Vendor ID as the others: are the cells shifted?")
	}
}

func (p *parts) exchanged(key string, id *api.Nullable, why string) {
	c, _ := p.file.column(key)
	if why := p.reader.doubt(c, string(*id), strconv.Quote(string(*id))+why); why != "" {
		p.row.add(c.Header, why)
		*id = ""
	}
}
