package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// backEnd is what a server says when it is asked for one device.
type backEnd struct {
	client  *api.Client // nil where none can be made
	answer  *api.RawAnswer
	err     error
	members bool // it has no device API, but the published one: answer is of that
}

// server asks the server in force, once.
func (d *doctor) server(ctx context.Context, s config.Settings) *backEnd {
	if d.seen != nil {
		return d.seen
	}
	b := &backEnd{}
	d.seen = b
	if b.client, b.err = d.app.Client(); b.err != nil {
		b.client = nil
		return b
	}
	b.answer, b.err = oneDevice(ctx, b.client, s.DomainID)
	if errors.Is(b.err, api.ErrNoDeviceAPI) {
		b.published(ctx, s)
	}
	b.err = d.app.blameDomain(b.err, s.DomainID)
	return b
}

// published asks for one member where there is no device API: else a wrong
// address, or a token that is refused, would look like a server without one.
func (b *backEnd) published(ctx context.Context, s config.Settings) {
	answer, err := oneOf(ctx, b.client, "/users", s.DomainID)
	var page struct {
		Users *[]json.RawMessage `json:"users"`
	}
	switch {
	case refusedByAPI(err):
		b.answer, b.err, b.members = &api.RawAnswer{}, nil, true
	case err == nil && json.Unmarshal(answer.Body, &page) == nil && page.Users != nil:
		b.answer, b.err, b.members = answer, nil, true
	case err == nil || errors.Is(err, api.ErrNotFound):
		b.err = exit.Failedf("NO_API", "check api_url of the profile, or "+config.EnvAPIURL, "there is neither a device API nor what NAVER WORKS publishes at this address")
	default:
		b.err = err
	}
}

// silent reports whether nobody has answered who knows what there is.
func (b *backEnd) silent() bool {
	e, answered := errors.AsType[*api.Error](b.err)
	return b.err != nil && (!answered || e.Code == "" || errors.Is(e, api.ErrServer))
}

// publishedScopes says what a token may do where there is no device API, and
// warns of what it may not.
func (d *doctor) publishedScopes(s config.Settings, granted []string) {
	var can, not, missing []string
	for _, part := range []struct {
		anyOf []string
		does  string
		usual bool
	}{
		{[]string{"user.read", "directory.read"}, "members search and show, lost", true},
		{[]string{"user", "directory"}, "members sign-out and suspend", true},
		{[]string{"bot.message", "bot"}, "notify --via bot", true},
		{[]string{"audit.read"}, "audit download", false},
	} {
		switch {
		case slices.ContainsFunc(part.anyOf, func(scope string) bool { return slices.Contains(granted, scope) }):
			can = append(can, part.does)
		case part.usual:
			missing = append(missing, part.anyOf[0])
			fallthrough
		default:
			not = append(not, part.does+" ("+part.anyOf[0]+")")
		}
	}
	text := strings.Join(granted, " ") + ": enough for " + strings.Join(can, ", ")
	if len(can) == 0 {
		d.fail(checkScopes, exit.SignInf("MISSING_SCOPE", d.scopeHint(s, append(slices.Clone(granted), missing...)),
			"%s: no command needs only these", strings.Join(granted, " ")))
		return
	}
	if len(not) > 0 {
		text += "; not for " + strings.Join(not, ", ")
	}
	if len(missing) > 0 {
		d.warn(checkScopes, d.scopeHint(s, append(slices.Clone(granted), missing...)), "%s", text)
		return
	}
	d.ok(checkScopes, "%s", text)
}

// refusedByAPI reports a refusal in the words of the API, as a token without the
// scope gets it, and not that of a proxy on the way.
func refusedByAPI(err error) bool {
	e, ok := errors.AsType[*api.Error](err)
	return ok && e.Code != "" && errors.Is(e, api.ErrForbidden)
}
