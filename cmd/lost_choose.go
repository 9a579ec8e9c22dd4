package cmd

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/textmatch"
	"github.com/worksctl/worksctl/pkg/output"
)

// chooseMember returns the member meant. Text narrows the list.
func (l *lostCase) chooseMember(ctx context.Context, members []lostMember) (lostMember, error) {
	const shown = 20
	for len(members) > 1 {
		l.say("%d members match:", len(members))
		n := min(len(members), shown)
		for i := range n {
			text := members[i].text()
			if !l.noDeviceAPI {
				text += ", " + countOf(members[i].Devices)
			}
			l.say("  %*d  %s", len(strconv.Itoa(n)), i+1, text)
		}
		if more := len(members) - n; more > 0 {
			l.say("  and %d more: type more of the name to see them", more)
		}
		i, text, err := l.choose(ctx, "Which member?", ", more of the name", n)
		switch {
		case err != nil:
			return lostMember{}, err
		case text == "":
			return members[i], nil
		}
		narrowed := slices.DeleteFunc(slices.Clone(members), func(m lostMember) bool {
			return !textmatch.Contains(m.Email, text) && !textmatch.Contains(withoutBlanks(m.UserName), withoutBlanks(text))
		})
		if len(narrowed) == 0 {
			l.say("None of them is called %q.", text)
			continue
		}
		members = narrowed
	}
	return members[0], nil
}

// head names the member, and where that is.
func (l *lostCase) head(m lostMember, devices []lostDevice) {
	if l.noDeviceAPI {
		l.sayWrapped(2, fmt.Sprintf("%s (%s)", m.text(), l.where()))
	} else {
		l.sayWrapped(2, fmt.Sprintf("%s: %s, newest first (%s)", m.text(), countOf(len(devices)), l.where()))
	}
	if l.account == nil {
		l.say("Signing the member out isn't offered: %s", l.noAccount)
	}
}

// chooseNext shows what can be done to the member and with which devices, the
// least harm first, and returns the one or the other.
func (l *lostCase) chooseNext(ctx context.Context, m lostMember, devices []lostDevice) (fleet.Action, *lostDevice, error) {
	steps := l.accountSteps()
	l.head(m, devices)
	if len(steps) > 0 {
		l.say("What can be done to the member, the least harm first:")
	}
	for i, s := range steps {
		text := accountText(s.action)
		if s.not != "" {
			text += " (" + s.not + ")"
		}
		l.sayWrapped(5, fmt.Sprintf("  %d  %s", i+1, text))
	}
	if len(devices) > 0 && len(steps) > 0 {
		l.say("About one device:")
	}
	l.listDevices(devices, len(steps))
	if !l.offersDevices() && len(l.tickets) == 0 { // once
		l.app.showCard(onlyConsole())
	}
	question := "Which step?"
	switch {
	case len(steps) == 0:
		question = "Which device is lost?"
	case len(devices) > 0:
		question = "Which step, or which lost device?"
	}
	for {
		i, _, err := l.choose(ctx, question, "", len(steps)+len(devices))
		switch {
		case err != nil:
			return "", nil, err
		case i < len(steps) && steps[i].not == "":
			return steps[i].action, nil, nil
		case i < len(steps):
			l.say("That can't be done now: %s.", steps[i].not)
			continue
		}
		d := &devices[i-len(steps)]
		if len(d.steps()) > 0 {
			return "", d, nil
		}
		l.say("Nothing can be done about that one now:")
		l.app.showCard(l.card(d, "Device ID", "Model", "Serial number", "List", "OS", "MDM", "Last access"))
	}
}

// chooseStep offers what is possible, least harm first.
func (l *lostCase) chooseStep(ctx context.Context, d *lostDevice) (fleet.Action, error) {
	steps := d.steps()
	l.say("What can be done about %s, the least harm first:", fleet.Brief(&d.device))
	for i, step := range steps {
		l.sayWrapped(5, fmt.Sprintf("  %d  %s", i+1, stepText(step)))
	}
	i, _, err := l.choose(ctx, "Which step?", "", len(steps))
	if err != nil {
		return "", err
	}
	return steps[i], nil
}

// sayWrapped says a text in lines that the terminal need not cut, all but the
// first one indented. It isn't for what is to be copied, such as commands.
func (l *lostCase) sayWrapped(indent int, text string) {
	words := strings.Split(text, " ")
	line, before := words[0], 0
	for _, word := range words[1:] {
		longer := line + " " + word
		if width := l.app.Term.ErrWidth; width > 0 && before+output.DisplayWidth(longer) > width {
			l.say("%*s%s", before, "", line)
			longer, before = word, indent
		}
		line = longer
	}
	l.say("%*s%s", before, "", line)
}

// choose asks for a number from 1 to n and returns it less one. Where something
// else may be typed, as or names it, that is returned as text.
func (l *lostCase) choose(ctx context.Context, question, or string, n int) (i int, text string, err error) {
	span := "1"
	if n > 1 {
		span = fmt.Sprintf("1 to %d", n)
	}
	for {
		text, err := l.required(ctx, fmt.Sprintf("%s Type %s%s, or nothing to stop: ", question, span, or), "stopped")
		if err != nil {
			return 0, "", err
		}
		number, err := strconv.ParseUint(narrowDigits(text), 10, 32)
		switch {
		case err != nil && or != "":
			return 0, text, nil
		case err == nil && number >= 1 && number <= uint64(n): //nolint:gosec // n counts a list
			return int(number) - 1, "", nil
		}
		l.say("There is no such number.")
	}
}

// narrowDigits makes digits of the full-width ones, which a Japanese or Korean
// keyboard may be set to.
func narrowDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, text)
}

// stepText says what a step does, in one line (R17, R18).
func stepText(a fleet.Action) string {
	if a == fleet.Reset {
		return "factory reset: everything on the device is deleted, private apps and files too"
	}
	return "delete app data: the NAVER WORKS app's data of the account signed in now; private files stay"
}
