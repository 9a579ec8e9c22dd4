package fleet

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/api"
)

// Source is where [Resolve] looks for devices: the API or a file.
type Source struct {
	// Get returns the device with an id, or an error that is
	// [api.ErrNotFound].
	Get func(ctx context.Context, deviceID string) (*api.Device, error)
	// Search returns at least all devices whose Vendor ID, serial number or
	// e-mail contains keyword, but for letter case and normal form. It may
	// return any others too.
	Search func(ctx context.Context, keyword string) iter.Seq2[api.Device, error]
	// Card tells of a device: [Card], or [FileCard] of one in a file.
	Card func(*api.Device, View) []Field
}

// AmbiguousError says that several devices answer to one name. It unwraps to an
// [exit.Error] with code 5: nothing is done.
type AmbiguousError struct {
	Text    string       // what was asked for
	Devices []api.Device // all that answer, last accessed first
}

func (e *AmbiguousError) Error() string { return e.exit().Error() }

// Unwrap returns the error with its exit code.
func (e *AmbiguousError) Unwrap() error { return e.exit() }

func (e *AmbiguousError) exit() *exit.Error {
	return exit.Refusedf("AMBIGUOUS_DEVICE", "name one of them by its device id",
		"%d devices answer to %q", len(e.Devices), e.Text)
}

// Resolve finds the one device that text stands for. A device id is compared
// byte for byte. With interactive, that is at a terminal, text may also be a
// Vendor ID, a serial number or a member's e-mail: whole, but for letter case
// and normal form, and only if no other device answers to it in any of these
// ways. What src returns is never taken on trust.
//
// The error is an [*AmbiguousError] for several devices, an [exit.Error] with
// code 1 for none, else what src failed with.
func Resolve(ctx context.Context, src Source, text string, interactive bool) (*api.Device, error) {
	if strings.TrimSpace(text) == "" {
		return nil, exit.Usagef("EMPTY_DEVICE", "name a device by its id", "the DEVICE is empty")
	}
	byID, err := getByID(ctx, src, text)
	if err != nil {
		return nil, err
	}
	if !interactive {
		if byID == nil {
			return nil, notFound(text, "is no device id; off a terminal a device is named by its id only")
		}
		return byID, nil
	}
	found, err := answering(ctx, src, text, byID)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, notFound(text, "is no device id, and no whole Vendor ID, serial number or e-mail either")
	case len(found) > 1:
		Sort{by: sortLastAccess, reverse: true}.Apply(found)
		return nil, &AmbiguousError{Text: text, Devices: found}
	}
	return &found[0], nil
}

func notFound(text, why string) error {
	search := Argument(text)
	if len(text) == 36 && strings.Count(text, "-") == 4 {
		search = `"part of a name or model"` // a search doesn't look at device ids
	}
	return exit.Failedf("NOT_FOUND", "worksctl devices search "+search, "%q %s", text, why)
}

// getByID returns nil without an error where no device has the id.
func getByID(ctx context.Context, src Source, id string) (*api.Device, error) {
	d, err := src.Get(ctx, id)
	switch {
	case err == nil && d == nil:
		return nil, nil
	case err == nil && d.DeviceID != id:
		return nil, exit.Failedf("WRONG_DEVICE", "", "asked for device %q, the server answered with device %q", id, d.DeviceID)
	case err == nil:
		return d, nil
	case !errors.Is(err, api.ErrNotFound) && !errors.Is(err, api.ErrInvalidParameter):
		return nil, fmt.Errorf("device %q: %w", id, err)
	}
	// Any 404 may also come from a server without device API, whose listing
	// then says so. INVALID_PARAMETER is an id that the server finds malformed.
	if e, ok := errors.AsType[*api.Error](err); ok && e.Code == "NOT_FOUND" || ok && e.Code == "" {
		for _, err := range src.Search(ctx, id) {
			if err != nil {
				return nil, err
			}
			break
		}
	}
	return nil, nil
}

// answering returns all devices that text names, each once.
func answering(ctx context.Context, src Source, text string, byID *api.Device) ([]api.Device, error) {
	var found []api.Device
	seen := map[string]bool{}
	if byID != nil {
		found, seen[byID.DeviceID] = append(found, *byID), true
	}
	for d, err := range src.Search(ctx, text) {
		if err != nil {
			return nil, fmt.Errorf("device %q: %w", text, err)
		}
		if !seen[d.DeviceID] && answersTo(&d, text) {
			found, seen[d.DeviceID] = append(found, d), d.DeviceID != "" // in a file it may have none
		}
	}
	return found, nil
}

func answersTo(d *api.Device, text string) bool {
	return d.DeviceID == text ||
		textmatch.Equal(string(d.VendorID), text) ||
		textmatch.Equal(string(d.SerialNumber), text) ||
		textmatch.Equal(d.User.Email, text)
}

// Argument quotes text as the last word of a command. What begins as a flag does
// comes after the end of the flags.
func Argument(text string) string {
	if strings.HasPrefix(text, "-") {
		return "-- " + ShellQuote(text)
	}
	return ShellQuote(text)
}

// ShellQuote quotes text for a POSIX shell where it needs quoting.
func ShellQuote(text string) string {
	plain := func(r rune) bool {
		return r >= 0x80 || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@%+=:,./-_", r)
	}
	if strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 && !strings.HasPrefix(text, "-") {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
