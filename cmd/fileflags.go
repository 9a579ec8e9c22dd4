package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/devicefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
	"github.com/worksctl/worksctl/pkg/api"
)

// fileFlags say what a console's download doesn't say itself. Every command
// that takes --from has them.
type fileFlags struct {
	maps     []string
	zone     string
	encoding string
}

func (f *fileFlags) add(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.maps, "map", nil, "what a column of the file holds: 'Header=model'; may be repeated")
	c.Flags().StringVar(&f.zone, "tz", "", "time zone of the file's times: Asia/Seoul or +09:00 (default local)")
	c.Flags().StringVar(&f.encoding, "encoding", "", "encoding of the file, if it can't be told: cp949, shift_jis")
	freeText(c, "map")
	fixedValues(c, "tz", "local", "Asia/Seoul", "Asia/Tokyo", "UTC", "+09:00")
	fixedValues(c, "encoding", "utf-8", "utf-16le", "utf-16be", "cp949", "shift_jis", "euc-jp", "windows-1252")
}

// options checks the flags. from is the file that they are about; list is what
// it is of, where its rows don't tell.
func (f *fileFlags) options(app *App, c *cobra.Command, from string, list api.DeviceType) (devicefile.Options, error) {
	o := devicefile.Options{Type: list, Location: app.Location, Now: app.Now(), Encoding: f.encoding, Saved: app.savedColumns}
	for _, flag := range []string{"map", "tz", "encoding"} {
		if from == "" && c.Flags().Changed(flag) {
			return o, exit.Usagef("CONTRADICTING_FLAGS", "add --from FILE", "--%s means nothing without --from", flag)
		}
	}
	for _, text := range f.maps {
		m, err := consolefile.ParseMapping(text)
		if err != nil {
			return o, err
		}
		o.Map = append(o.Map, m)
	}
	if f.zone != "" {
		zone, ok := consolefile.ParseZone(f.zone, app.Location)
		if !ok {
			return o, exit.Usagef("UNKNOWN_ZONE", "for example --tz Asia/Seoul, or --tz +09:00", "--tz %q is no time zone", f.zone)
		}
		o.Location, o.Zoned = zone, true
	}
	if f.encoding != "" {
		if _, err := sheet.ParseEncoding(f.encoding); err != nil {
			return o, err
		}
	}
	o.Typed = app.fileFlagsOf(o)
	return o, nil
}

// savedColumns are the mappings of the profile in force. A file needs no
// profile, so none is no error unless one was named.
func (app *App) savedColumns() ([]consolefile.Mapping, error) {
	file, _, err := config.Load(app.LookupEnv)
	if err != nil {
		return nil, err
	}
	settings, _, err := config.Resolve(config.Flags{Profile: app.flags.profile}, app.LookupEnv, file)
	if err != nil && app.flags.profile == "" && exit.CodeOf(err) == exit.SignIn {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var mappings []consolefile.Mapping
	for _, text := range settings.Columns {
		m, err := consolefile.ParseMapping(text)
		if err != nil {
			return nil, err
		}
		mappings = append(mappings, m)
	}
	return mappings, nil
}

// fileFlagsOf are the flags with which a file was read, each after a blank.
func (app *App) fileFlagsOf(o devicefile.Options) string {
	var text strings.Builder
	flag := func(name, value string) {
		if value != "" {
			text.WriteString(" --" + name + " " + fleet.ShellQuote(value))
		}
	}
	for _, m := range o.Map {
		flag("map", m.String())
	}
	if o.Location != app.Location {
		zone := o.Location.String()
		if offset := strings.TrimPrefix(zone, "UTC"); offset != "" {
			zone = offset
		}
		flag("tz", zone)
	}
	flag("encoding", o.Encoding)
	flag("type", strings.TrimSuffix(strings.ToLower(string(o.Type)), "_mobile"))
	return text.String()
}
