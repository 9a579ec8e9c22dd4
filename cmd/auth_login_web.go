package cmd

import (
	"context"
	"net/url"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// openBrowser shows a link, and opens it where a person sits at a desktop.
func (app *App) openBrowser(ctx context.Context, address string) error {
	program := app.opener()
	where := " on this machine"
	if program == nil {
		where = ""
	}
	app.Term.Notef("Open this page in a browser%s to sign in, within 5 minutes:", where)
	app.Term.Notef("%s", address)
	if port := portOf(address); program == nil && port != "" {
		app.Term.Notef("It comes back to port %s of this machine. For a browser on another one, run there first, with this machine as HOST:", port)
		app.Term.Notef("ssh -L %s:127.0.0.1:%s HOST", port, port)
	}
	if program == nil || !app.Term.Interactive() {
		return nil
	}
	// Some return only when the browser is closed, and ending those would close it.
	browser := exec.CommandContext(context.WithoutCancel(ctx), program[0], append(program[1:], address)...)              //nolint:gosec // the programs above
	browser.Env = slices.DeleteFunc(browser.Environ(), func(v string) bool { return strings.HasPrefix(v, "WORKSCTL_") }) // secrets among them
	if browser.Start() == nil {                                                                                          // the link is shown: a browser that does not open is no failure
		go func() { _ = browser.Wait() }()
	}
	return nil
}

// opener is the program that opens a page where a person sits before this
// machine, or nil: over SSH, and where there is no desktop.
func (app *App) opener() []string {
	set := func(name string) bool { value, _ := app.LookupEnv(name); return value != "" }
	switch {
	case set("SSH_CONNECTION"):
		return nil
	case runtime.GOOS == "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	case runtime.GOOS == "darwin":
		return []string{"open"}
	case set("DISPLAY") || set("WAYLAND_DISPLAY"):
		return []string{"xdg-open"}
	}
	return nil
}

// portOf is where the browser comes back to from the page of an auth server.
func portOf(page string) string {
	if u, err := url.Parse(page); err == nil {
		if back, err := url.Parse(u.Query().Get("redirect_uri")); err == nil {
			return back.Port()
		}
	}
	return ""
}
