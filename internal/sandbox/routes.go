package sandbox

import (
	"net/http"
	"strings"
)

// newMux lists every endpoint of the contract, of the auth server and of the
// sandbox's own controls.
func (b *Backend) newMux() *http.ServeMux {
	mux := http.NewServeMux()
	add := func(base string, routes []route, wrap func(route) http.HandlerFunc) {
		for _, rt := range routes {
			method, path, _ := strings.Cut(rt.pattern, " ")
			mux.HandleFunc(method+" "+base+path, wrap(rt))
		}
	}
	add(APIPath, deviceRoutes(), b.handle)
	add(APIPath, publishedRoutes(), b.handle)
	add(AuthPath, authRoutes(), b.handle)
	add(AdminPath, adminRoutes(), b.control)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		write(w, errorAnswer(refuse(http.StatusNotFound, "NOT_FOUND", "there is no %s %s", r.Method, r.URL.Path)))
	})
	return mux
}

func deviceRoutes() []route {
	read, act := []string{"security.device.read", "security.device"}, []string{"security.device"}
	return []route{
		{pattern: "GET /security/devices", scopes: read, do: listDevices},
		{pattern: "GET /security/devices/{deviceId}", scopes: read, do: getDevice},
		{pattern: "GET /security/app-versions", scopes: read, do: listAppVersions},
		{pattern: "POST /security/devices/update-notifications", scopes: act, acts: true, do: notify},
		{pattern: "POST /security/devices/{deviceId}/wipe", scopes: act, acts: true, do: wipe},
		{pattern: "POST /security/devices/{deviceId}/reset", scopes: act, acts: true, do: reset},
		{pattern: "POST /security/devices/{deviceId}/mdm/enable", scopes: act, acts: true, do: enableDevice},
		{pattern: "POST /security/devices/{deviceId}/mdm/disable", scopes: act, acts: true, do: disableDevice},
		{pattern: "GET /security/device-commands", scopes: read, do: listCommands},
		{pattern: "GET /security/device-commands/{commandId}", scopes: read, do: showCommand},
		{pattern: "POST /security/device-commands/{commandId}/cancel", scopes: act, acts: true, do: cancelCommand},
		{pattern: "GET /security/mdm", scopes: read, do: getMDM},
		{pattern: "POST /security/mdm/enable", scopes: act, acts: true, do: enableMDM},
		{pattern: "POST /security/mdm/disable", scopes: act, acts: true, do: disableMDM},
	}
}

func publishedRoutes() []route {
	read := []string{"user.read", "directory.read", "user", "directory"}
	admin := []string{"directory", "user"}
	return []route{
		{pattern: "GET /users", scopes: read, do: listUsers},
		{pattern: "GET /users/{userId}", scopes: read, do: getUser},
		{pattern: "POST /users/{userId}/force-logout", scopes: admin, acts: true, do: forceLogout},
		{pattern: "POST /users/{userId}/suspend", scopes: admin, acts: true, do: suspend},
		{pattern: "POST /users/{userId}/unsuspend", scopes: admin, acts: true, do: unsuspend},
		{pattern: "POST /bots/{botId}/users/{userId}/messages", scopes: []string{"bot.message", "bot"}, acts: true, do: sendMessage},
		{pattern: "GET /audits/logs/download", scopes: []string{"audit.read"}, limit: 10, do: downloadAudit},
	}
}

func authRoutes() []route {
	return []route{
		{pattern: "POST /token", acts: true, do: issueToken},
		{pattern: "POST /revoke", acts: true, do: revokeToken},
		{pattern: "GET /authorize", do: authorize},
	}
}

func adminRoutes() []route {
	return []route{
		{pattern: "GET /info", do: adminInfo},
		{pattern: "POST /reset", acts: true, do: adminReset},
		{pattern: "GET /clock", do: adminClock},
		{pattern: "POST /clock", acts: true, do: adminAdvance},
		{pattern: "GET /settings", do: adminSettings},
		{pattern: "PATCH /settings", acts: true, do: adminChange},
		{pattern: "GET /faults", do: adminFaults},
		{pattern: "POST /faults", acts: true, do: adminAddFault},
		{pattern: "DELETE /faults", acts: true, do: adminClearFaults},
		{pattern: "GET /stats", do: adminStats},
		{pattern: "POST /devices/{deviceId}/online", acts: true, do: adminOnline},
		{pattern: "POST /devices/{deviceId}/sign-in", acts: true, do: adminSignIn},
		{pattern: "POST /devices/{deviceId}/register", acts: true, do: adminRegister},
		{pattern: "POST /devices/{deviceId}/disable-mdm", acts: true, do: adminDisableMDM},
		{pattern: "POST /devices/{deviceId}/fail-next-command", acts: true, do: adminFailNext},
		{pattern: "GET /files/{name}", do: auditFile},
	}
}
