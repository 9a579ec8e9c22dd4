package cmd

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// domainSource names the setting that the domain id in force comes from.
func (app *App) domainSource(s config.Settings) string {
	// A profile named by --profile is taken whole.
	if value, _ := app.LookupEnv(config.EnvDomainID); value != "" && app.flags.profile == "" {
		return config.EnvDomainID
	}
	return "domain_id of profile " + s.Name
}

// otherDomain is why a device isn't for the profile in force to act on, or empty.
func (app *App) otherDomain(s config.Settings, d *api.Device) string {
	if s.DomainID == 0 || d.DomainID == s.DomainID {
		return ""
	}
	return fmt.Sprintf("it belongs to domain %d, and %s is %d", d.DomainID, app.domainSource(s), s.DomainID)
}

// tellWrongDomain warns where a result is empty since the whole domain is, while
// others have devices: the domain id is probably wrong then. Nothing depends on
// what it reads for that.
func (app *App) tellWrongDomain(ctx context.Context, sel selection, n *counts) {
	if app.flags.quiet || sel.from != "" || n.rows.Rows > 0 {
		return
	}
	s, err := app.Settings()
	if err != nil || s.DomainID == 0 {
		return
	}
	client, err := app.Client()
	if err != nil {
		return
	}
	if sel.filter.Selects() {
		if _, some, err := firstDomain(oneDevice(ctx, client, s.DomainID)); err != nil || some {
			return // it is the filters that select nothing
		}
	}
	if other, err := app.elsewhere(ctx, client, s); err == nil && other != 0 {
		app.Term.Warnf("%s, such as %d: is %s right?", othersHave(s), other, app.domainSource(s))
	}
}

func othersHave(s config.Settings) string {
	return fmt.Sprintf("domain %d has no device, and others have", s.DomainID)
}

// elsewhere is another domain than that in force which has a device, or 0.
func (app *App) elsewhere(ctx context.Context, client *api.Client, s config.Settings) (domainID int32, err error) {
	if s.DomainID == 0 {
		return 0, nil
	}
	domainID, _, err = firstDomain(oneDevice(ctx, client, 0))
	if domainID == s.DomainID {
		domainID = 0
	}
	return domainID, err
}

// blameDomain says where a domain id comes from that the back end refuses.
func (app *App) blameDomain(err error, domainID int32) error {
	e, ok := errors.AsType[*api.Error](err)
	if !ok || domainID == 0 || !refusesDomain(e) {
		return err
	}
	s, broken := app.Settings()
	if broken != nil || domainID != s.DomainID {
		return err
	}
	source := app.domainSource(s)
	return &exit.Error{
		Exit: exit.Failed, ID: "WRONG_DOMAIN", HTTPStatus: e.Status, RequestID: e.RequestID,
		Message: fmt.Sprintf("the server refuses domain %d, which %s names", domainID, source), Err: err,
		Hint: "set " + source + " to a domain of this tenant, or leave it out for every domain",
	}
}

// refusesDomain tells by the words of the back end, since the contract has no
// code for it, or by there being no other parameter that it can mean.
func refusesDomain(e *api.Error) bool {
	if errors.Is(e, api.ErrInvalidParameter) && !strings.HasSuffix(e.Path, "/security/devices") {
		return true
	}
	switch e.Status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound:
		return strings.Contains(strings.ToLower(e.Code+" "+e.Description), "domain")
	}
	return false
}

// blamed is rows whose error names where a refused domain id comes from.
func (app *App) blamed(rows iter.Seq2[api.Device, error], domainID int32) iter.Seq2[api.Device, error] {
	if domainID == 0 {
		return rows
	}
	return func(yield func(api.Device, error) bool) {
		for d, err := range rows {
			if err != nil {
				err = app.blameDomain(err, domainID)
			}
			if !yield(d, err) {
				return
			}
		}
	}
}
