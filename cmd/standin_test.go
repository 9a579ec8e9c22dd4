package cmd_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/worksctl/worksctl/internal/standin"
	"github.com/worksctl/worksctl/internal/wiretest"
)

type standinKey struct{}

// standing is a script's latest stand-in.
type standing struct {
	*standin.Service
	ahead atomic.Int64 // of its clock
}

// standIn is the script command
//
//	standin start [members=N] [scopes=S,S] [permin=N] [bot=ID[:INDEX,INDEX]] [log=SERVICE] [appscopes=S,S] [client=NAME] [empty] [bom]
//	standin nothing
//	standin did WHAT N
//	standin fault KIND [path=PART] [after=N] [times=N]
//	standin member INDEX STATE
//	standin pass SPAN
//
// It starts a stand-in for what NAVER WORKS publishes and points
// WORKSCTL_API_URL, WORKSCTL_AUTH_URL and WORKSCTL_TOKEN to it; counts what it
// has done (message, force-logout, suspend, unsuspend, spans, throttled, parallel,
// leaked); plans a failure; changes a member behind worksctl's back; and moves its
// own clock, which waits of worksctl don't. client is as of [startServer]; appscopes, before it,
// are those that it may ask for. A bot is
// not open to the members whose places in the directory are named. Every request
// and every answer is judged by docs/openapi.yaml. nothing points
// WORKSCTL_API_URL to a server that has no API at all.
func standIn(v *wiretest.V, ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: standin start | did | fault | member")
	}
	switch args[0] {
	case "start":
		startStandIn(v, ts, args[1:])
		return
	case "nothing":
		startNothing(ts)
		return
	}
	s := ts.Value(standinKey{}).(*standing)
	if s.Service == nil {
		ts.Fatalf("standin start comes first")
	}
	switch args[0] {
	case "did":
		standInDid(ts, s.Record(), args[1:])
	case "fault":
		s.AddFault(standInFault(ts, args[1:]))
	case "member":
		changeMember(ts, s.Service, args[1:])
	case "pass":
		span, err := time.ParseDuration(strings.Join(args[1:], ""))
		ts.Check(err)
		s.ahead.Add(int64(span))
	default:
		ts.Fatalf("standin: unknown %q", args[0])
	}
}

func startStandIn(v *wiretest.V, ts *testscript.TestScript, args []string) {
	now, err := time.Parse(time.RFC3339, testNow)
	ts.Check(err)
	n, standing := ts.Value(counterKey{}).(*counter), ts.Value(standinKey{}).(*standing)
	o := standin.Options{
		Now:     func() time.Time { return now.Add(time.Duration(standing.ahead.Load())) },
		Members: standin.Directory(250), Logs: map[string][]standin.Line{}, Apps: map[string]standin.App{},
		Wrap: func(h http.Handler) http.Handler { return n.count(v.Handler(h)) },
	}
	var scopes, appScopes []string
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "members":
			o.Members = standin.Directory(number(ts, value))
		case "scopes":
			scopes = strings.Split(value, ",")
		case "permin":
			o.PerMinute = number(ts, value)
		case "bot":
			o.Bots = append(o.Bots, standInBot(ts, o.Members, value))
		case "log":
			o.Logs[value] = standin.Daily(now.AddDate(0, -6, 0).Truncate(24*time.Hour).Add(-9*time.Hour), now) // from a midnight
		case "client":
			app := standInApp(ts, value)
			app.Scopes = appScopes
			o.Apps[value+"-client"] = app
		case "appscopes":
			appScopes = strings.Split(value, ",")
		case "empty":
			o.EmptyBodies = true
		case "aliases":
			o.Aliases = true
		case "bom":
			o.BOM = true
		default:
			ts.Fatalf("standin: unknown %q", arg)
		}
	}
	s, err := standin.Start(o)
	ts.Check(err)
	ts.Defer(func() { ts.Check(s.Close()) })
	standing.Service = s
	ts.Setenv("WORKSCTL_API_URL", s.APIURL())
	ts.Setenv("WORKSCTL_AUTH_URL", s.AuthURL())
	ts.Setenv("WORKSCTL_TOKEN", s.Token(scopes...))
}

func standInBot(ts *testscript.TestScript, members []standin.Member, text string) standin.Bot {
	id, outside, _ := strings.Cut(text, ":")
	bot := standin.Bot{ID: int64(number(ts, id))}
	for place := range strings.SplitSeq(outside, ",") {
		if place != "" {
			bot.Outside = append(bot.Outside, members[number(ts, place)].UserID)
		}
	}
	return bot
}

func standInDid(ts *testscript.TestScript, r standin.Record, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: standin did WHAT N")
	}
	got := r.Total(args[0])
	switch args[0] {
	case "spans":
		got = len(r.Spans)
	case "throttled":
		got = r.Throttled
	case "parallel":
		got = r.Parallel
	case "leaked":
		got = r.Leaked
	}
	if got != number(ts, args[1]) {
		ts.Fatalf("%s: %d times, want %s", args[0], got, args[1])
	}
}

func standInFault(ts *testscript.TestScript, args []string) standin.Fault {
	if len(args) == 0 {
		ts.Fatalf("usage: standin fault KIND [path=PART] [after=N] [times=N]")
	}
	f := standin.Fault{Kind: standin.Kind(args[0])}
	for _, arg := range args[1:] {
		switch key, value, _ := strings.Cut(arg, "="); key {
		case "path":
			f.Path = value
		case "after":
			f.After = number(ts, value)
		case "times":
			f.Times = number(ts, value)
		default:
			ts.Fatalf("standin fault: unknown %q", arg)
		}
	}
	return f
}

func changeMember(ts *testscript.TestScript, s *standin.Service, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: standin member INDEX suspended|active|deleted")
	}
	place := number(ts, args[0])
	id := standin.Directory(place + 1)[place].UserID
	s.Change(id, func(m *standin.Member) {
		m.IsSuspended, m.IsDeleted = args[1] == "suspended", args[1] == "deleted"
	})
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}
