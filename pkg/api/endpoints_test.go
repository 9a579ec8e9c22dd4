package api_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/worksctl/worksctl/internal/wiretest"
	"github.com/worksctl/worksctl/pkg/api"
)

const (
	exampleKey     = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
	exampleID      = "5e0c2f8e-6f0b-4d0e-9a44-3b1f8b5d2c10"
	exampleDevice  = `{"deviceId":"` + exampleID + `","domainId":10000001,"type":"MOBILE","model":"iPhone 15 Pro","vendorId":null,"serialNumber":null,"user":{"userId":"9b1d","email":"gildong.hong@example.com","userName":"홍길동"},"os":{"type":"IOS","version":"18.1.1"},"app":{"type":"WORKS_MOBILE","version":"4.2.1"},"mdm":{"status":"REGISTERED","provider":"NAVER_WORKS"},"lastAccessTime":"2026-11-20T10:15:00+09:00"}`
	exampleCommand = `{"commandId":"c1","deviceId":"` + exampleID + `","type":"WIPE","status":"REQUESTED","idempotencyKey":"` + exampleKey + `","reason":"lost","requestedBy":"admin","requestedTime":"2026-11-21T02:04:11+09:00","deliveredTime":null,"completedTime":null,"failure":null}`
	exampleMember  = `{"domainId":1,"userId":"u1","userExternalKey":null,"email":"a@example.com","isSuspended":true,"userName":{"lastName":"홍","firstName":"길동"},"aliasEmails":["b@example.com"],"organizations":[{"domainId":1,"primary":true,"orgUnits":[{"orgUnitId":"o","orgUnitName":"영업팀","primary":true}]}]}`
)

// Every request is checked against docs/openapi.yaml, and so is the answer that
// the test makes up.
func TestEveryEndpoint(t *testing.T) {
	command := &api.Command{
		CommandID: "c1", DeviceID: exampleID, Type: api.CommandWipe, Status: api.CommandRequested, IdempotencyKey: exampleKey,
		Reason: "lost", RequestedBy: "admin", RequestedTime: "2026-11-21T02:04:11+09:00",
	}
	member := api.Member{
		DomainID: 1, UserID: "u1", Email: "a@example.com", IsSuspended: true, UserName: api.MemberName{LastName: "홍", FirstName: "길동"},
		AliasEmails:   []string{"b@example.com"},
		Organizations: []api.Organization{{DomainID: 1, Primary: true, OrgUnits: []api.OrgUnit{{OrgUnitID: "o", OrgUnitName: "영업팀", Primary: true}}}},
	}
	at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.FixedZone("", 9*3600))
	everything := api.DeviceQuery{
		DomainID: 10000001, Type: api.TypeMobile, Keyword: "홍 & +", User: "gil", Model: "iPhone", OSType: api.OSIOS, OSVersion: "17", OSVersionMax: "17.5",
		AppType: api.AppWorksMobile, AppVersion: "4.2.1", AppVersionMax: "4.3", AccessedAfter: at, AccessedBefore: at.AddDate(0, 0, 7),
		MDMStatus: api.MDMRegistered, OrderBy: "MODEL", SortOrder: "DESCENDING", Count: 500,
	}
	for name, tc := range map[string]struct {
		status int
		answer string
		call   func(c *api.Client) (any, error)
		sends  string // method, path and query
		body   string
		want   any
	}{
		"list devices": {
			200, `{"devices":[` + exampleDevice + `],"responseMetaData":{"nextCursor":"n="}}`,
			func(c *api.Client) (any, error) {
				p, err := c.Devices.List(t.Context(), everything, "c+")
				return p.NextCursor, err
			},
			"GET /security/devices?accessedAfter=2026-11-01T09%3A00%3A00%2B09%3A00&accessedBefore=2026-11-08T09%3A00%3A00%2B09%3A00&appType=WORKS_MOBILE&appVersion=4.2.1&appVersionMax=4.3&count=500&cursor=c%2B&domainId=10000001&keyword=%ED%99%8D+%26+%2B&mdmStatus=REGISTERED&model=iPhone&orderBy=MODEL&osType=IOS&osVersion=17&osVersionMax=17.5&sortOrder=DESCENDING&type=MOBILE&user=gil", "", "n=",
		},
		"get device": {
			200, exampleDevice, func(c *api.Client) (any, error) {
				d, err := c.Devices.Get(t.Context(), exampleID)
				return d.User.UserName, err
			}, "GET /security/devices/" + exampleID, "", "홍길동",
		},
		"app versions": {
			200, `{"appVersions":[{"appType":"WORKS_MOBILE","osType":"IOS","latestVersion":"4.3.0"}]}`,
			func(c *api.Client) (any, error) { return c.AppVersions.List(t.Context(), 7) }, "GET /security/app-versions?domainId=7", "",
			[]api.AppVersion{{AppType: api.AppWorksMobile, OSType: api.OSIOS, LatestVersion: "4.3.0"}},
		},
		"notify": {
			200, `{"results":[{"deviceId":"` + exampleID + `","status":"FAILED","code":"DEVICE_NOT_EXIST","description":"gone"}]}`,
			func(c *api.Client) (any, error) {
				return c.Notifications.Send(t.Context(), api.Notification{DomainID: 7, Type: api.TypePC, DeviceIDs: []string{exampleID}}, exampleKey)
			}, "POST /security/devices/update-notifications", `{"domainId":7,"type":"PC","deviceIds":["` + exampleID + `"]}`,
			[]api.NotificationResult{{DeviceID: exampleID, Status: api.NotificationFailed, Code: "DEVICE_NOT_EXIST", Description: "gone"}},
		},
		"wipe": {
			202, exampleCommand, func(c *api.Client) (any, error) {
				return c.Commands.Wipe(t.Context(), exampleID, "lost <1>", exampleKey)
			},
			"POST /security/devices/" + exampleID + "/wipe", `{"reason":"lost <1>"}`, command,
		},
		"reset": {
			202, exampleCommand, func(c *api.Client) (any, error) { return c.Commands.Reset(t.Context(), exampleID, "lost", exampleKey) },
			"POST /security/devices/" + exampleID + "/reset", `{"reason":"lost"}`, command,
		},
		"list commands": {
			200, `{"deviceCommands":[` + exampleCommand + `]}`,
			func(c *api.Client) (any, error) {
				p, err := c.Commands.List(t.Context(), api.CommandQuery{DeviceID: exampleID, Status: api.CommandRequested, IdempotencyKey: exampleKey, Count: 10}, "c")
				return p.Items, err
			},
			"GET /security/device-commands?count=10&cursor=c&deviceId=" + exampleID + "&idempotencyKey=" + exampleKey + "&status=REQUESTED", "", []api.Command{*command},
		},
		"all commands": {
			200, `{"deviceCommands":[` + exampleCommand + `,` + exampleCommand + `]}`,
			func(c *api.Client) (any, error) {
				n := 0
				for _, err := range c.Commands.All(t.Context(), api.CommandQuery{}, nil) {
					if err != nil {
						return n, err
					}
					n++
				}
				return n, nil
			}, "GET /security/device-commands?count=1000", "", 1,
		},
		"get command": {
			200, exampleCommand, func(c *api.Client) (any, error) { return c.Commands.Get(t.Context(), "c1") },
			"GET /security/device-commands/c1", "", command,
		},
		"cancel command": {
			204, "", func(c *api.Client) (any, error) { return nil, c.Commands.Cancel(t.Context(), "c1", exampleKey) },
			"POST /security/device-commands/c1/cancel", "", nil,
		},
		"tenant MDM": {
			200, `{"domainId":7,"mode":"REQUIRED","externalMdm":true}`, func(c *api.Client) (any, error) { return c.MDM.Get(t.Context(), 7) },
			"GET /security/mdm?domainId=7", "", &api.TenantMDM{DomainID: 7, Mode: api.MDMRequired, ExternalMDM: true},
		},
		"enable tenant MDM": {
			204, "", func(c *api.Client) (any, error) {
				return nil, c.MDM.EnableTenant(t.Context(), 7, api.MDMOptional, exampleKey)
			},
			"POST /security/mdm/enable", `{"domainId":7,"mode":"OPTIONAL"}`, nil,
		},
		"disable tenant MDM": {
			204, "", func(c *api.Client) (any, error) { return nil, c.MDM.DisableTenant(t.Context(), 7, exampleKey) },
			"POST /security/mdm/disable", `{"domainId":7}`, nil,
		},
		"enable device MDM": {
			202, "", func(c *api.Client) (any, error) { return nil, c.MDM.EnableDevice(t.Context(), exampleID, exampleKey) },
			"POST /security/devices/" + exampleID + "/mdm/enable", "", nil,
		},
		"disable device MDM": {
			204, "", func(c *api.Client) (any, error) { return nil, c.MDM.DisableDevice(t.Context(), exampleID, exampleKey) },
			"POST /security/devices/" + exampleID + "/mdm/disable", "", nil,
		},
		"list members": {
			200, `{"users":[` + exampleMember + `],"responseMetaData":{"nextCursor":null}}`,
			func(c *api.Client) (any, error) {
				p, err := c.Users.List(t.Context(), api.UserQuery{DomainID: 1, OrderBy: "NAME", SortOrder: "ASCENDING", Count: 100}, "")
				return p.Items, err
			}, "GET /users?count=100&domainId=1&orderBy=NAME&sortOrder=ASCENDING", "", []api.Member{member},
		},
		"get member": {
			200, exampleMember, func(c *api.Client) (any, error) { return c.Users.Get(t.Context(), "externalKey:a/b") },
			"GET /users/externalKey:a%2Fb", "", &member,
		},
		"sign member out": {
			202, "", func(c *api.Client) (any, error) {
				return nil, c.Users.ForceLogout(t.Context(), "a@example.com", exampleKey)
			},
			"POST /users/a@example.com/force-logout", "", nil,
		},
		"suspend": {
			204, "", func(c *api.Client) (any, error) { return nil, c.Users.Suspend(t.Context(), "u1", exampleKey) }, "POST /users/u1/suspend", "", nil,
		},
		"unsuspend": {
			204, "", func(c *api.Client) (any, error) { return nil, c.Users.Unsuspend(t.Context(), "u1", exampleKey) }, "POST /users/u1/unsuspend", "", nil,
		},
		"bot text": {
			201, "", func(c *api.Client) (any, error) {
				return nil, c.Bots.SendMessage(t.Context(), 2000001, "a@example.com", api.Message{Text: "업데이트"}, exampleKey)
			}, "POST /bots/2000001/users/a@example.com/messages", `{"content":{"type":"text","text":"업데이트"}}`, nil,
		},
		"bot button": {
			201, "", func(c *api.Client) (any, error) {
				m := api.Message{Text: "go", Buttons: []api.Button{{Label: "Update", URI: "https://example.com/a?b=c&d"}}}
				return nil, c.Bots.SendMessage(t.Context(), 2000001, "u1", m, exampleKey)
			}, "POST /bots/2000001/users/u1/messages",
			`{"content":{"type":"button_template","contentText":"go","actions":[{"type":"uri","label":"Update","uri":"https://example.com/a?b=c&d"}]}}`, nil,
		},
		"raw": {
			200, `{"domainId":7,"mode":"REQUIRED","externalMdm":true}`, func(c *api.Client) (any, error) {
				a, err := c.Raw(t.Context(), api.RawRequest{Path: "/security/mdm", Query: map[string][]string{"domainId": {"7"}}})
				return string(a.Body), err
			}, "GET /security/mdm?domainId=7", "", `{"domainId":7,"mode":"REQUIRED","externalMdm":true}`,
		},
		"raw post": {
			204, "", func(c *api.Client) (any, error) {
				a, err := c.Raw(t.Context(), api.RawRequest{Method: "POST", Path: "/security/mdm/disable", Body: []byte(`{"domainId":7}`), Key: exampleKey})
				return a.Status, err
			}, "POST /security/mdm/disable", `{"domainId":7}`, 204,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var sent, body string
			var header http.Header
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				sent, header, body = r.Method+" "+strings.TrimPrefix(r.URL.RequestURI(), "/v1.0"), r.Header, readString(r)
				if tc.answer != "" {
					w.Header().Set("Content-Type", "application/json")
				}
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.answer)
			})
			srv := httptest.NewServer(wiretest.Validator(t).Handler(handler))
			c, _ := newClient(t, srv.URL+"/v1.0")
			got, err := tc.call(c)
			srv.Close()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
			if sent != tc.sends || body != tc.body {
				t.Errorf("sent %s %s\nwant %s %s", sent, body, tc.sends, tc.body)
			}
			key := ""
			if strings.HasPrefix(sent, "POST") {
				key = exampleKey
			}
			if header.Get("Idempotency-Key") != key || header.Get("User-Agent") != "worksctl" || (body == "") != (header.Get("Content-Type") == "") {
				t.Errorf("headers %v", header)
			}
		})
	}
}

func TestAuditDownload(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	q := api.AuditQuery{Service: "auth", StartTime: at, EndTime: at.AddDate(0, 0, 7), Language: "ko_KR", DomainID: 7}
	log := strings.Repeat("2026-11-01,홍길동,login\n", 100_000)
	for name, tc := range map[string]struct {
		serve answerFunc
		want  string
		is    error
		says  string
	}{
		"whole":   {sendJSON(200, log, "Content-Type", "text/csv"), log, nil, ""},
		"failed":  {sendJSON(200, "a,b\ndownloadLogs error\n", "Content-Type", "text/csv"), "a,b\ndownloadLogs error\n", api.ErrAuditIncomplete, ""},
		"cut":     {cut("a,b\n"), "a,b\n", io.ErrUnexpectedEOF, ""},
		"a page":  {sendJSON(200, "<html>", "Content-Type", "text/html"), "", nil, "text/html instead of CSV"},
		"expired": {sendJSON(403, "<Error/>", "Content-Type", "application/xml"), "", api.ErrForbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := newBackend(t, tc.serve)
			home := newBackend(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, files.URL+"/log.csv?sig=1", http.StatusFound)
			})
			c, _ := newClient(t, home.URL)
			var got strings.Builder
			n, err := c.Audit.Download(t.Context(), q, &got)
			if got.String() != tc.want || n != int64(got.Len()) {
				t.Errorf("%d bytes of %d, counted %d", got.Len(), len(tc.want), n)
			}
			if !errors.Is(err, tc.is) && tc.is != nil || (err == nil) != (tc.is == nil && tc.says == "") || tc.says != "" && !strings.Contains(err.Error(), tc.says) {
				t.Errorf("error %v", err)
			}
			if files.seen()[0].Header.Get("Authorization") != "" || home.seen()[0].Header.Get("Authorization") == "" {
				t.Error("the token went astray")
			}
		})
	}
}

func TestTrace(t *testing.T) {
	var lines []string
	other := newBackend(t, sendJSON(200, `{}`))
	b := newBackend(t, drop, refuse(503, "", "X-Request-Id", "r-1"), func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/x?Signature=abc", http.StatusFound)
	})
	c, _ := newClient(t, b.URL, func(o *api.Options) {
		o.Trace = func(e api.TraceEvent) { lines = append(lines, e.String()) }
	})
	_, err := c.Raw(t.Context(), api.RawRequest{Path: "/a", Query: map[string][]string{"q": {"홍"}, "accessToken": {"abc"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"GET " + b.URL + "/a?accessToken=[redacted]&q=%ED%99%8D: EOF (0s)",
		"GET " + b.URL + "/a?accessToken=[redacted]&q=%ED%99%8D: 503 (0s) request r-1",
		"GET " + b.URL + "/a?accessToken=[redacted]&q=%ED%99%8D: 302 (0s)",
		"GET " + other.URL + "/x?[redacted]: 200 (0s)",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(strings.Join(lines, ""), "tok-1") {
		t.Error("the token is in the trace")
	}
}
