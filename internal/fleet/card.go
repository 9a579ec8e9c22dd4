package fleet

import (
	"cmp"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// Field is one line of a card.
type Field struct{ Label, Value string }

// Card returns all that is known of a device, what names it first. A value
// that the back end hides or doesn't have is said to be so.
func Card(d *api.Device, v View) []Field { return card(d, v, unknown, hidden) }

// FileCard is [Card] for a device that a file tells of, without what the file
// doesn't tell: it may lack the column, and then nobody knows that it is hidden.
func FileCard(d *api.Device, v View) []Field {
	if d.MDM.Status == "" {
		return card(d, v, "", "")
	}
	return card(d, v, "", hidden)
}

const (
	unknown = "unknown"
	hidden  = "hidden (shown only under MDM)" // R5
)

// card leaves out what has no value.
func card(d *api.Device, v View, unknown, hidden string) []Field {
	fields := []Field{
		{"Device ID", d.DeviceID},
		{"User", cmp.Or(d.User.UserName, unknown)},
		{"E-mail", cmp.Or(d.User.Email, unknown)},
		{"User ID", cmp.Or(d.User.UserID, unknown)},
		{"Model", cmp.Or(d.Model, unknown)},
		{"Serial number", cmp.Or(string(d.SerialNumber), hidden)},
		{"Vendor ID", cmp.Or(string(d.VendorID), hidden)},
		{"List", cmp.Or(typeName(d.Type), unknown)},
		{"OS", cmp.Or(spaced(osName(d.OS.Type), d.OS.Version), unknown)},
		{"App", cmp.Or(spaced(appName(d.App.Type), d.App.Version), unknown)},
		{"MDM", cmp.Or(cardMDM(d.MDM), unknown)},
		{"Last access", cmp.Or(v.access(d), unknown)},
		{"Domain", cmp.Or(domain(d), unknown)},
	}
	return slices.DeleteFunc(fields, func(f Field) bool { return f.Value == "" })
}

// Brief names a device in a few words: its member and its model.
func Brief(d *api.Device) string { return known(d.User.UserName) + ", " + known(d.Model) }

// cardMDM says whose management it is, since a third-party MDM always shows as
// unregistered (R4).
func cardMDM(m api.MDM) string {
	switch m.Provider {
	case api.ProviderExternal:
		return "third-party MDM (its state is not known)"
	case api.ProviderNone, "":
		return mdmName(m.Status)
	}
	return spaced(mdmName(m.Status), "("+providerName(m.Provider)+")")
}

func known(s string) string { return cmp.Or(s, unknown) }

// FormatCard returns fields as lines of label and value, the values aligned and
// with nothing in them that can't be seen ([output.Reveal]): no value can look
// like more than one, or like another line. Labels are ours: one cell a byte.
//
// label paints a label and is nil for none.
func FormatCard(fields []Field, label func(string) string) string {
	if label == nil {
		label = func(s string) string { return s }
	}
	width := 0
	for _, f := range fields {
		width = max(width, len(f.Label))
	}
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(label(f.Label+":") + strings.Repeat(" ", width-len(f.Label)+2) + output.Reveal(f.Value) + "\n")
	}
	return b.String()
}
