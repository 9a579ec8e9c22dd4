package api

import (
	"net/http"
	"net/url"

	"github.com/go-resty/resty/v2"
)

// Client speaks to one back end. It is safe for use by several goroutines.
type Client struct {
	Devices       *DevicesService
	AppVersions   *AppVersionsService
	Notifications *NotificationsService
	Commands      *CommandsService
	MDM           *MDMService
	Users         *UsersService
	Bots          *BotsService
	Audit         *AuditService

	base   *url.URL
	resty  *resty.Client
	pacer  *pacer
	bodies *bodyPool
}

// New makes a client. It makes no request. Its errors are a [*BaseURLError] or
// name the missing option.
func New(o Options) (*Client, error) {
	base, err := o.complete()
	if err != nil {
		return nil, err
	}
	c := &Client{base: base, pacer: newPacer(o), bodies: newBodyPool(maxBody)}
	rt := chain(o.Transport,
		newRetry(o, c.bodies),
		newAuth(base, o.Tokens),
		c.pacer.middleware,
		newTimeout(o.Timeout),
		newTrace(base, o),
		newScrub(),
		once,
		refuseInterim,
	)
	c.resty = resty.NewWithClient(&http.Client{Transport: rt, CheckRedirect: checkRedirect}).
		SetDoNotParseResponse(true).
		SetHeader("User-Agent", o.UserAgent).
		SetPreRequestHook(withoutBody)
	c.Devices = &DevicesService{c}
	c.AppVersions = &AppVersionsService{c}
	c.Notifications = &NotificationsService{c}
	c.Commands = &CommandsService{c}
	c.MDM = &MDMService{c}
	c.Users = &UsersService{c}
	c.Bots = &BotsService{c}
	c.Audit = &AuditService{c}
	return c, nil
}

// BaseURL returns the base URL in use, without a trailing slash.
func (c *Client) BaseURL() string { return c.base.String() }

// withoutBody takes back what resty invents for a POST without a body: a
// content type, and a body that net/http would send in chunks, since it can't
// see that it is empty.
func withoutBody(_ *resty.Client, r *http.Request) error {
	if r.ContentLength == 0 {
		r.Header.Del("Content-Type")
		r.Body, r.GetBody = http.NoBody, nil
	}
	return nil
}
