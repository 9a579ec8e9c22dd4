package cmd

import (
	"context"
	"errors"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// mdmTenants reads the MDM settings of domains, each once.
type mdmTenants struct {
	app    *App
	client *api.Client
	known  map[int32]*api.TenantMDM
}

func (app *App) mdmTenants() (*mdmTenants, error) {
	client, err := app.Client()
	return &mdmTenants{app: app, client: client, known: map[int32]*api.TenantMDM{}}, err
}

func (m *mdmTenants) of(ctx context.Context, domainID int32) (*api.TenantMDM, error) {
	if t := m.known[domainID]; t != nil {
		return t, nil
	}
	t, err := m.client.MDM.Get(ctx, domainID)
	if errors.Is(err, api.ErrNotFound) {
		// A server without device API has no MDM either: its listing says so.
		if _, listing := m.client.Devices.List(ctx, api.DeviceQuery{Count: 1}, ""); listing != nil {
			return nil, listing
		}
	}
	if err != nil {
		return nil, m.app.blameDomain(err, domainID)
	}
	if domainID != 0 && t.DomainID != domainID {
		return nil, exit.Failedf("WRONG_DOMAIN", "", "asked for domain %d, the server answered for domain %d", domainID, t.DomainID)
	}
	m.known[domainID] = t
	return t, nil
}
