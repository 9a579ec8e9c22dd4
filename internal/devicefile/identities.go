package devicefile

import (
	"context"
	"io"
	"iter"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/pkg/api"
)

// Identity is one device that a file names.
type Identity struct {
	DeviceID string    // empty where there are problems
	Line     int       // as in [Row]; of plain text the line
	Repeated bool      // an earlier row without a problem names the same device
	Problems []Problem // why it isn't clear which device is meant
}

// Identities is an open file that names devices to act on. It is read once and
// by one goroutine.
type Identities struct{ file *File }

// OpenIdentities opens a file of which only the identities of devices count: an
// own export in any format, whole or with nothing left but its device ids; a
// table or JSON of another kind that has a column device_id or a field deviceId;
// a console's download with device ids; or plain text with one device id a line.
// The path "-" stands for stdin.
// Nothing but blank lines is a list of no devices, unless the file's name says
// .csv, .json or .xlsx: in these even an export of no devices has content.
//
// Errors are [exit.Error]s that name the file: code 1 for a file that can't be
// read or doesn't say which column has the ids, code 5 for a console's download
// without device ids, and for a workbook with hidden rows or several lists, of
// which nobody can say whether they are meant.
// Hidden rows may also be an error of [Identities.All].
func OpenIdentities(path string, stdin io.Reader, o Options) (*Identities, error) {
	file, err := open(path, stdin, o, true)
	if err != nil {
		return nil, err
	}
	return &Identities{file}, nil
}

// All returns the devices in the file's order, each row with its problems. What
// is wrong in a row counts only if it casts doubt on which device is meant; a
// time that can't be read does not, two rows that give one device to two members
// do, even where one of them has problems of its own. Rows of one device that
// differ in anything but member, Vendor ID and serial number are repetitions. An
// error is one after which the file can't be read on; it ends the sequence.
func (f *Identities) All(ctx context.Context) iter.Seq2[Identity, error] {
	return func(yield func(Identity, error) bool) {
		c := newClaims(f.file) // as a later row may make an earlier one doubtful
		var failed error
		for row, err := range f.file.each(ctx) {
			if err != nil {
				failed = err
				break
			}
			c.add(&row)
		}
		for _, id := range c.all {
			if len(id.Problems) > 0 {
				id.DeviceID = ""
			}
			if !yield(id, nil) {
				return
			}
		}
		if failed != nil {
			yield(Identity{}, failed)
		}
	}
}

// Unread is [File.Unread].
func (f *Identities) Unread() []string { return f.file.Unread() }

// Close releases the file.
func (f *Identities) Close() error { return f.file.Close() }

// identifies reports whether a person tells devices apart by a column. If such
// a cell is not the one exported, the id beside it may not be of the device that
// the person took it for: the columns were sorted apart, say.
func identifies(column string) bool {
	return slices.Contains([]string{
		fleet.KeyDeviceID, fleet.KeyType, fleet.KeyModel, fleet.KeyVendorID, fleet.KeySerialNumber,
		fleet.KeyUserID, fleet.KeyUserName, fleet.KeyUserEmail,
	}, column)
}

// identity reads a JSON value of which only deviceId counts, and of the rest
// whether another value of the device says the same.
func (j *jsonRows) identity(raw jsontext.Value) Row {
	row := Row{Line: j.item}
	named := struct {
		DeviceID     *string        `json:"deviceId"`
		VendorID     jsontext.Value `json:"vendorId"`
		SerialNumber jsontext.Value `json:"serialNumber"`
		User         jsontext.Value `json:"user"`
	}{}
	switch err := json.Unmarshal(raw, &named); {
	case err != nil:
		row.addKind(err)
	case named.DeviceID == nil:
		row.addItem("deviceId", "is missing")
	case isBlankText(*named.DeviceID):
		row.addItem("deviceId", "is empty")
	default:
		row.Device = api.Device{
			DeviceID: *named.DeviceID, VendorID: api.Nullable(named.VendorID), SerialNumber: api.Nullable(named.SerialNumber),
			User: api.User{UserID: string(named.User)},
		}
	}
	return row
}
