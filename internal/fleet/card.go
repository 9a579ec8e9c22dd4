package fleet

import (
	"strings"

	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// Field is one line of a card.
type Field struct{ Label, Value string }

// Card returns all that is known of a device, what names it first. A value
// that the back end hides or doesn't have is said to be so.
func Card(d *api.Device, v View) []Field {
	hidden := "hidden (shown only under MDM)" // R5
	return []Field{
		{"Device ID", d.DeviceID},
		{"User", known(d.User.UserName)},
		{"E-mail", known(d.User.Email)},
		{"User ID", known(d.User.UserID)},
		{"Model", known(d.Model)},
		{"Serial number", orElse(string(d.SerialNumber), hidden)},
		{"Vendor ID", orElse(string(d.VendorID), hidden)},
		{"List", known(typeName(d.Type))},
		{"OS", known(spaced(osName(d.OS.Type), d.OS.Version))},
		{"App", known(spaced(appName(d.App.Type), d.App.Version))},
		{"MDM", known(cardMDM(d.MDM))},
		{"Last access", known(v.access(d))},
		{"Domain", known(domain(d))},
	}
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

func known(s string) string { return orElse(s, "unknown") }

func orElse(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

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
