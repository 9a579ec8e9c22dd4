package config

import (
	"path/filepath"
	"runtime"

	"github.com/worksctl/worksctl/internal/exit"
)

// folder is the name of worksctl's own folder in the user's folders.
const folder = "worksctl"

// Path returns the name of the config file: WORKSCTL_CONFIG, else
// worksctl/config.yaml in the user's config folder. Where that folder can't be
// told, as in a cron job without HOME, the error (exit code 2) names the
// variable to set; a caller that can do without the file goes on.
func Path(lookup LookupEnv) (string, error) { return configPath(runtime.GOOS, environment{lookup}) }

// StateDir returns the folder of journals, caches and the sandbox's data:
// WORKSCTL_STATE_DIR, else worksctl in the user's state folder. It is not
// created. The error (exit code 2) names the variable to set.
func StateDir(lookup LookupEnv) (string, error) { return statePath(runtime.GOOS, environment{lookup}) }

func configPath(goos string, env environment) (string, error) {
	if path := env.get(EnvConfig); path != "" {
		return path, nil
	}
	base, err := userFolder(env, EnvConfig, configFolder(goos))
	if err != nil {
		return "", err
	}
	return filepath.Join(base, folder, "config.yaml"), nil
}

func statePath(goos string, env environment) (string, error) {
	if path := env.get(EnvStateDir); path != "" {
		return path, nil
	}
	base, err := userFolder(env, EnvStateDir, stateFolder(goos))
	if err != nil {
		return "", err
	}
	return filepath.Join(base, folder), nil
}

// place says where a system keeps a kind of folder: in the folder that the
// variable own names, else below that of the variable home.
type place struct{ own, home, below string }

// configFolder is what os.UserConfigDir does, which reads the process's own
// environment.
func configFolder(goos string) place {
	switch goos {
	case "windows":
		return place{own: "AppData"}
	case "darwin":
		return place{home: "HOME", below: "Library/Application Support"}
	default:
		return place{own: "XDG_CONFIG_HOME", home: "HOME", below: ".config"}
	}
}

// stateFolder follows the XDG base directories. macOS has no folder of its own
// for state; on Windows it is the one that doesn't roam.
func stateFolder(goos string) place {
	switch goos {
	case "windows":
		return place{own: "LocalAppData"}
	case "darwin":
		return place{home: "HOME", below: "Library/Application Support"}
	default:
		return place{own: "XDG_STATE_HOME", home: "HOME", below: ".local/state"}
	}
}

func userFolder(env environment, override string, p place) (string, error) {
	if p.own != "" {
		// A relative XDG folder is invalid by the XDG specification: it would be
		// another folder for each working directory.
		if own := env.get(p.own); filepath.IsAbs(own) {
			return own, nil
		} else if own != "" {
			return "", exit.Usagef("NO_FOLDER", "", "%s is %q, which is not an absolute path: set %s or %s", p.own, own, p.own, override)
		}
	}
	if p.home == "" {
		return "", exit.Usagef("NO_FOLDER", "", "%s is not set: set it or %s", p.own, override)
	}
	home := env.get(p.home)
	if home == "" {
		return "", exit.Usagef("NO_FOLDER", "", "%s is not set: set it or %s", p.home, override)
	}
	return filepath.Join(home, filepath.FromSlash(p.below)), nil
}
