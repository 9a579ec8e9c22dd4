package cmd

import (
	"net/url"
	"path"
	"strings"

	"github.com/worksctl/worksctl/internal/exit"
)

// refuseOwn refuses to act by a path that has a command of its own: that one
// asks for the right word, knows what is impossible, and keeps a record. It
// compares what a careless server may take the path for: decoded more than once,
// without empty elements and parameters, in any letter case.
func refuseOwn(raw string) error {
	plain := raw
	for range 8 {
		decoded, err := url.PathUnescape(plain)
		if err != nil || decoded == plain {
			break
		}
		plain = decoded
	}
	plain = path.Clean("/" + strings.ToLower(strings.ReplaceAll(plain, `\`, "/")))
	elements := strings.Split(strings.Trim(plain, "/"), "/")
	for i := range elements {
		elements[i], _, _ = strings.Cut(elements[i], ";")
		elements[i] = strings.TrimSpace(elements[i])
	}
	for i, element := range elements {
		if element != "security" || i+1 == len(elements) {
			continue
		}
		if own := ownCommand(elements[i+1:]); own != "" {
			return exit.Usagef("HAS_A_COMMAND", own, "%s has a command of its own, which knows what must not be done", raw)
		}
	}
	return nil
}

// ownCommand is the command for what acts below /security.
func ownCommand(elements []string) string {
	last := elements[len(elements)-1]
	switch elements[0] {
	case "device-commands":
		return "worksctl jobs cancel --help"
	case "mdm":
		return "worksctl mdm --help"
	case "devices":
		switch {
		case last == "wipe" || last == "reset":
			return "worksctl " + last + " --help"
		case len(elements) > 2 && elements[2] == "mdm":
			return "worksctl mdm --help"
		case last == "update-notifications":
			return "worksctl notify --help"
		}
		return "worksctl devices --help"
	}
	return ""
}
