package foreignserver

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// Browse follows a link as the browser of a member does: it signs in on the
// server's page and allows what is asked for there, or cancels. It returns the
// last page.
func Browse(ctx context.Context, link string, allow bool) (page string, err error) {
	b := browser{http.Client{Jar: &cookies{held: map[string]*http.Cookie{}}}}
	page, err = b.open(ctx, http.MethodGet, link, nil)
	for range 5 {
		if err != nil {
			return page, err
		}
		form := between(page, `<form[^>]* action="([^"]+)" method="post">`)
		cancel := between(page, `href="([^"]+/abort)"`)
		switch {
		case form == "":
			return page, nil
		case !allow:
			page, err = b.open(ctx, http.MethodGet, cancel, nil)
		default:
			page, err = b.open(ctx, http.MethodPost, form, url.Values{
				"prompt": {between(page, `name="prompt" value="(\w+)"`)}, "login": {"member@example.com"}, "password": {"any"},
			})
		}
	}
	return page, errors.New("the server shows one form after the other")
}

type browser struct{ client http.Client }

// open follows redirects.
func (b *browser) open(ctx context.Context, method, address string, form url.Values) (page string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s shows %s", req.URL.Path, resp.Status)
	}
	return string(body), err
}

func between(page, pattern string) string {
	if found := regexp.MustCompile(pattern).FindStringSubmatch(page); found != nil {
		return html.UnescapeString(found[1])
	}
	return ""
}

// cookies keeps each cookie until it is emptied: the ends of cookies are those of
// the server's clock, by which the library's jar does not go.
type cookies struct {
	mu   sync.Mutex
	held map[string]*http.Cookie
}

func (c *cookies) SetCookies(_ *url.URL, set []*http.Cookie) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range set {
		c.held[one.Name] = one
	}
}

func (c *cookies) Cookies(u *url.URL) (sent []*http.Cookie) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range c.held {
		if one.Value != "" && strings.HasPrefix(u.Path, one.Path) {
			sent = append(sent, one)
		}
	}
	return sent
}
