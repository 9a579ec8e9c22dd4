package cmd

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// usualSkew is how far clocks differ without harm.
const usualSkew = time.Minute

// signIn checks the clock, the credential and its scopes.
func (d *doctor) signIn(ctx context.Context, s config.Settings) {
	if s.SignIn == config.SignInToken && s.Storage == config.StorageEnvironment {
		d.skip("a ready token needs no clock", checkClock)
		d.readyToken(ctx, s)
		return
	}
	skew, skewErr := d.app.authServer(s.AuthURL).Skew(ctx)
	t, err := d.app.tryToken(ctx)
	switch remedy := "set the clock, or have it set by the network (NTP)"; {
	case skewErr != nil:
		d.add(finding{Check: checkClock, Status: checkSkipped, Detail: explain(skewErr).Error()})
	case skew.Abs() <= usualSkew:
		d.ok(checkClock, "as the auth server's")
	case err == nil:
		d.warn(checkClock, remedy, "%s", skewWords(skew))
	default:
		d.fail(checkClock, exit.SignInf("CLOCK_SKEW", remedy, "%s", skewWords(skew)))
	}
	if err != nil {
		d.fail(checkAuth, err)
		d.skip("there is no token", checkScopes)
		return
	}
	d.ok(checkAuth, "%s; the token ends %s", identityWords(s), d.ends(t))
	d.scopes(ctx, s, t)
}

func skewWords(skew time.Duration) string {
	direction := "ahead of"
	if skew < 0 {
		direction = "behind"
	}
	return "this machine's clock is " + skew.Abs().Round(time.Second).String() + " " + direction + " the auth server's"
}

// readyToken checks a token that nobody can ask about but the back end.
func (d *doctor) readyToken(ctx context.Context, s config.Settings) {
	if _, err := d.app.tryToken(ctx); err != nil {
		d.fail(checkAuth, err)
		d.skip("there is no token", checkScopes)
		return
	}
	if err := d.server(ctx, s).err; errors.Is(err, api.ErrUnauthorized) {
		d.fail(checkAuth, err)
		d.skip("there is no token", checkScopes)
		return
	}
	d.ok(checkAuth, "the token in %s is taken", config.EnvToken)
	d.scopes(ctx, s, auth.Token{})
}

func (d *doctor) ends(t auth.Token) string {
	if t.Expires.IsZero() {
		return "at a time that the server does not tell"
	}
	return d.app.shownText(t.Expires.Format(time.RFC3339))
}

func identityWords(s config.Settings) string {
	if s.SignIn == config.SignInServiceAccount {
		return s.ServiceAccount
	}
	return signInWords(s.SignIn)
}

// scopes holds what was granted against what a job needs.
func (d *doctor) scopes(ctx context.Context, s config.Settings, t auth.Token) {
	const act = "security.device"
	granted := strings.Fields(t.Scope)
	d.granted = granted
	switch {
	case len(granted) == 0:
		d.skip("the server does not tell them", checkScopes)
	case slices.Contains(granted, act):
		d.ok(checkScopes, "%s", strings.Join(granted, " "))
	case d.server(ctx, s).members:
		d.publishedScopes(s, granted)
	case d.server(ctx, s).silent():
		d.skip("the server, which may have a device API or not, does not answer", checkScopes)
	default:
		d.fail(checkScopes, exit.SignInf("MISSING_SCOPE", d.scopeHint(s, append(identityOf(s).scopes, act)),
			"the token has %s, and acting needs %s", strings.Join(granted, " "), act))
	}
}

// scopeHint says how to get a token with scopes.
func (d *doctor) scopeHint(s config.Settings, scopes []string) string {
	if s.Storage == config.StorageEnvironment {
		return "set " + config.EnvScopes + "=" + strings.Join(scopes, ",")
	}
	return loginHint(s.Name) + " --scope " + strings.Join(scopes, ",")
}

// backEnd reads one device, and judges what comes of it.
func (d *doctor) backEnd(ctx context.Context, s config.Settings) {
	server := d.server(ctx, s)
	err := server.err
	switch {
	case server.client == nil:
		d.fail(checkDevices, err)
		d.skip("the server was not asked", checkPlan, checkRate)
	case server.members:
		none := noDeviceAPI(0, "")
		d.warn(checkDevices, none.Hint, "%s", none.Message)
		d.skip("there is no device API", checkPlan)
		d.rate(server.answer.Header)
	case errors.Is(err, api.ErrPlanNotSupported):
		d.ok(checkDevices, "%s has one", d.app.host())
		d.fail(checkPlan, err)
		d.skip("no device could be read", checkRate)
	case err != nil && errors.Is(err, api.ErrUnauthorized) && d.has(checkAuth, checkFailed):
		d.skip("there is no token", checkDevices, checkPlan, checkRate)
	case err != nil:
		d.fail(checkDevices, d.inSpiteOfScopes(err))
		d.skip("no device could be read", checkPlan, checkRate)
	default:
		d.domain(ctx, server.client, s, server.answer)
		d.ok(checkPlan, "includes device management")
		d.rate(server.answer.Header)
	}
}

// inSpiteOfScopes doesn't blame a scope that the token has.
func (d *doctor) inSpiteOfScopes(err error) error {
	e, ok := errors.AsType[*api.Error](err)
	if !ok || !errors.Is(e, api.ErrMissingScope) || !slices.Contains(d.granted, cmp.Or(e.Scope, neededScope(e))) {
		return err
	}
	return &exit.Error{
		Exit: exit.SignIn, ID: "ACCESS_DENIED", HTTPStatus: e.Status, RequestID: e.RequestID, Err: err,
		Message: "the token has the scope, and the server refuses this identity", Hint: "what a service account may not do, a person may: worksctl auth login --web",
	}
}

func (d *doctor) has(check, status string) bool {
	return slices.ContainsFunc(d.findings, func(f finding) bool { return f.Check == check && f.Status == status })
}

func oneDevice(ctx context.Context, client *api.Client, domainID int32) (*api.RawAnswer, error) {
	return oneOf(ctx, client, "/security/devices", domainID)
}

// oneOf reads the first of a listing; 0 is every domain.
func oneOf(ctx context.Context, client *api.Client, path string, domainID int32) (*api.RawAnswer, error) {
	query := url.Values{"count": {"1"}}
	if domainID != 0 {
		query.Set("domainId", strconv.Itoa(int(domainID)))
	}
	return client.Raw(ctx, api.RawRequest{Method: http.MethodGet, Path: path, Query: query})
}

// domain finds a domain id that no device has: everything would look fine, and
// be empty.
func (d *doctor) domain(ctx context.Context, client *api.Client, s config.Settings, answer *api.RawAnswer) {
	host := d.app.host()
	_, some, err := firstDomain(answer, nil)
	switch {
	case err != nil:
		d.fail(checkDevices, err)
		return
	case some:
		d.ok(checkDevices, "%s answers", host)
		return
	}
	if other, err := d.app.elsewhere(ctx, client, s); err == nil && other != 0 {
		source := d.app.domainSource(s)
		d.fail(checkDevices, exit.Failedf("WRONG_DOMAIN", "set "+source+" to "+strconv.Itoa(int(other))+" if that is meant, or leave it out for every domain",
			"%s: is %s right?", othersHave(s), source))
		return
	}
	d.warn(checkDevices, "look at the device list in the admin console", "%s answers, and lists no device", host)
}

// firstDomain is the domain of the first device of a page, if there is one. It
// takes what [oneDevice] returns.
func firstDomain(answer *api.RawAnswer, err error) (domainID int32, some bool, _ error) {
	if err != nil {
		return 0, false, err
	}
	var page struct {
		Devices *[]struct {
			DomainID int32 `json:"domainId"`
		} `json:"devices"`
	}
	switch err := json.Unmarshal(answer.Body, &page); {
	case err != nil:
		return 0, false, &api.ContentError{Op: "list devices", Status: answer.Status, ContentType: answer.Header.Get("Content-Type")}
	case page.Devices == nil:
		return 0, false, &api.BackendError{Op: "list devices", Reason: `the answer has no "devices"`}
	case len(*page.Devices) == 0:
		return 0, false, nil
	}
	return (*page.Devices)[0].DomainID, true, nil
}

// rate tells what is left of the minute.
func (d *doctor) rate(h http.Header) {
	limit, left, reset := h.Get("RateLimit-Limit"), h.Get("RateLimit-Remaining"), h.Get("RateLimit-Reset")
	switch {
	case limit == "" || left == "":
		d.ok(checkRate, "the server names none")
	case left == "0":
		d.warn(checkRate, "wait "+reset+" s: worksctl does so by itself", "none of %s requests is left", limit)
	default:
		d.ok(checkRate, "%s of %s requests are left", left, limit)
	}
}
