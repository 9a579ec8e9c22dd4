package consolefile

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

// parts puts a device together from the cells of its row.
type parts struct {
	*reader
	row *Row
	app string // the app as named in its cell, whose type depends on other cells
}

// read reads a cell. Whatever is wrong with it leaves its fields empty.
func (p *parts) read(c Column, in sheet.Cell) {
	text, why := taken(in)
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
		return p.setUser(c, in, text)
	}
	switch key := c.Keys[0]; key {
	case fleet.KeyDeviceID, fleet.KeyVendorID, fleet.KeySerialNumber:
		return p.setID(key, in, text)
	case fleet.KeyOSVersion, fleet.KeyAppVersion:
		if why := p.shapes.versionDamage(in, text); why != "" {
			return why
		}
		field := &d.OS.Version
		if key == fleet.KeyAppVersion {
			field = &d.App.Version
		}
		*field = text
		if _, version := splitVersion(text); version != "" {
			*field = version
		}
	case fleet.KeyLastAccess:
		d.LastAccessTime, why = p.access(in, text)
		return why
	case fleet.KeyModel:
		if why := p.shapes.nameDamage(in, text); why != "" {
			return why
		}
		d.Model = text
	case fleet.KeyUserID, fleet.KeyUserEmail:
		return p.setLogin(key, in, text)
	case fleet.KeyType:
		return orUnknown(&d.Type, listType(text), "is no list of devices: mobile, PC or Drive", text)
	case fleet.KeyMDMStatus:
		d.MDM.Status, d.MDM.Provider = mdmState(text)
		return p.shapes.nameDamage(in, text)
	case fleet.KeyMDMProvider:
		d.MDM.Provider = api.MDMProvider(text)
		return p.shapes.nameDamage(in, text)
	case fleet.KeyDomainID:
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 1 {
			return strconv.Quote(text) + " is no domain id"
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
	why := cmp.Or(p.shapes.idDamage(in, text), p.suspect[key][p.row.Number])
	if name, id := splitUser(text); why == "" && name != "" && id != "" || why == "" && strings.Contains(text, "@") {
		why = strconv.Quote(text) + " names a member: are the cells shifted?"
	}
	if name, version := splitVersion(text); why == "" && version != "" && (osType(name) != "" || appType(name, false) != "") {
		why = strconv.Quote(text) + " names a system or an app: are the cells shifted?"
	}
	if why == "" && key != fleet.KeySerialNumber && strings.ContainsAny(text, " \t\r\n") {
		why = strconv.Quote(text) + " has a blank in it, as no id has: are the cells shifted?"
	}
	if why != "" {
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

func (p *parts) setUser(c Column, in sheet.Cell, text string) string {
	if why := p.shapes.nameDamage(in, text); why != "" {
		return why
	}
	if len(c.Keys) == 1 {
		p.row.Device.User.UserName = text
		return ""
	}
	name, id := splitUser(text)
	p.row.Device.User.UserName = name
	if strings.Contains(id, "@") && !p.file.isSingle(fleet.KeyUserEmail) {
		p.row.Device.User.Email = id
	} else if slices.Contains(c.Keys, fleet.KeyUserID) {
		p.row.Device.User.UserID = id
	}
	return ""
}

// isSingle reports whether a key has a column of its own.
func (f *File) isSingle(key string) bool {
	c, ok := f.column(key)
	return ok && len(c.Keys) == 1
}

// setLogin reads a member's id or e-mail. What is written as an e-mail is one,
// since the console's ID is the login; a member of an id is known by it.
func (p *parts) setLogin(key string, in sheet.Cell, text string) string {
	u := &p.row.Device.User
	if p.shapes.uuid.MatchString(text) && key == fleet.KeyUserID {
		u.UserID = text
		return ""
	}
	if why := cmp.Or(p.shapes.nameDamage(in, text)); why != "" {
		return why
	}
	switch {
	case key == fleet.KeyUserEmail && !strings.Contains(text, "@"):
		return strconv.Quote(text) + " is no e-mail"
	case key == fleet.KeyUserEmail, strings.Contains(text, "@") && !p.file.isSingle(fleet.KeyUserEmail):
		u.Email = text
	default:
		u.UserID = text
	}
	return ""
}

func (p *parts) setOS(c Column, in sheet.Cell, text string) string {
	name, version := splitVersion(text)
	if len(c.Keys) == 1 && osType(text) != "" {
		name, version = text, ""
	}
	switch why := p.shapes.nameDamage(in, text); {
	case why != "" && (!isVersion(text) || p.named[fleet.KeyOS] || in.Kind == sheet.Date):
		return why
	case in.Kind == sheet.Number, name == "" && why != "":
		return cmp.Or(p.shapes.versionDamage(in, text), why)
	case name == "" && p.named[fleet.KeyOS]:
		return strconv.Quote(text) + " names no system: are the cells shifted?"
	case osType(name) == "" && appType(name, false) != "" && version != "":
		return strconv.Quote(text) + " names an app: are the cells shifted?"
	}
	if login, id := splitUser(text); login != "" && strings.Contains(id, "@") {
		return strconv.Quote(text) + " names a member: are the cells shifted?"
	}
	p.row.Device.OS.Type = cmp.Or(osType(name), api.OSType(name))
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
	if name == "" { // a version alone: which app it is, the list tells
		if why := p.shapes.versionDamage(in, text); why != "" {
			return why
		}
		if p.named[fleet.KeyApp] {
			return strconv.Quote(text) + " names no app: are the cells shifted?"
		}
	} else if why := p.shapes.nameDamage(in, text); why != "" {
		return why
	}
	if osType(name) != "" && version != "" {
		return strconv.Quote(text) + " names a system: are the cells shifted?"
	}
	if login, id := splitUser(text); login != "" && strings.Contains(id, "@") {
		return strconv.Quote(text) + " names a member: are the cells shifted?"
	}
	p.app = name
	if slices.Contains(c.Keys, fleet.KeyAppVersion) {
		p.row.Device.App.Version = version
	}
	return ""
}

// access reads the time of the last access.
func (p *parts) access(in sheet.Cell, text string) (at, why string) {
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
		return "", strconv.Quote(text) + " has no time of day, as the other rows have"
	}
	if at, why = p.clock.time(s); why != "" {
		why = strconv.Quote(text) + " " + why
	}
	return at, why
}

// finish fills in what one cell tells about another's: which app it is, and
// which list the device is of.
func (p *parts) finish() {
	d := &p.row.Device
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
