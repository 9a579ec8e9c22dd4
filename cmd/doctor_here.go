package cmd

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"

	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/fleet"
)

// The checks, as they are called in the output.
const (
	checkConfig  = "config"
	checkKeyring = "keyring"
	checkClock   = "clock"
	checkAuth    = "auth"
	checkScopes  = "scopes"
	checkDevices = "device-api"
	checkPlan    = "plan"
	checkRate    = "rate-limit"
	checkLocale  = "locale"
)

// examine makes every check that what was found before it allows.
func (d *doctor) examine(ctx context.Context) {
	settings, err := d.app.Settings()
	if err != nil {
		d.fail(checkConfig, err)
		d.keyring(ctx, config.Settings{Credential: config.Credential{Storage: config.StorageKeyring}})
		d.skip("no settings are in force", checkClock, checkAuth, checkScopes, checkDevices, checkPlan, checkRate)
		d.locale()
		return
	}
	d.config(settings)
	if settings.Sandbox {
		d.skip("the sandbox needs no sign-in", checkKeyring, checkClock, checkAuth, checkScopes)
	} else {
		d.keyring(ctx, settings)
		d.signIn(ctx, settings)
	}
	d.backEnd(ctx, settings)
	d.locale()
}

// config checks the configuration file and that the state folder can be used.
func (d *doctor) config(s config.Settings) {
	file, warnings, err := config.Load(d.app.LookupEnv)
	if err != nil {
		d.fail(checkConfig, err)
		return
	}
	dir, err := config.StateDir(d.app.LookupEnv)
	if err == nil {
		err = tryFolder(dir)
	}
	var remedies []string
	if len(warnings) > 0 {
		remedies = append(remedies, "chmod 600 "+file.Path)
	}
	if opened := openToOthers(dir); len(opened) > 0 {
		warnings, remedies = append(warnings, opened...), append(remedies, "chmod -R go= "+fleet.ShellQuote(dir))
	}
	for _, name := range []string{config.EnvClientSecretFile, config.EnvPrivateKeyFile, config.EnvPassphraseFile} {
		path, _ := d.app.LookupEnv(name)
		if problem := readByOthers(path); problem != "" {
			warnings, remedies = append(warnings, name+": "+problem), append(remedies, "chmod 600 "+fleet.ShellQuote(path))
		}
	}
	switch {
	case err != nil:
		d.fail(checkConfig, err)
	case len(warnings) > 0:
		d.warn(checkConfig, strings.Join(remedies, "; "), "profile %s: %s", s.Name, strings.Join(warnings, "; "))
	default:
		d.ok(checkConfig, "profile %s; what it keeps is in %s", s.Name, dir)
	}
}

// tryFolder writes to the state folder, as a job does before anything is sent.
func tryFolder(dir string) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var file *os.File
		if file, err = os.CreateTemp(dir, ".doctor-*"); err == nil {
			err = errors.Join(file.Close(), os.Remove(file.Name()))
		}
	}
	if err != nil {
		return unusableState(err)
	}
	return nil
}

// keyring checks that the secrets can be read where they are kept.
func (d *doctor) keyring(ctx context.Context, s config.Settings) {
	if s.Storage == config.StorageEnvironment {
		d.skip("the credential comes from the environment", checkKeyring)
		return
	}
	store, err := d.app.store(s.Storage)
	if err == nil {
		_, err = store.Get(ctx, s.Name, credential.ClientSecret)
	}
	switch {
	case s.Name == "" && errors.Is(err, credential.ErrNotFound):
		d.ok(checkKeyring, "%s answers", store.Name())
	case s.Name == "" && err != nil:
		d.warn(checkKeyring, "worksctl auth login --storage file", "%v", explain(err))
	case err != nil:
		d.fail(checkKeyring, err)
	default:
		d.ok(checkKeyring, "the secrets of profile %s are in %s", s.Name, storageWords(s.Storage))
	}
}

// locale checks that names outside ASCII can be shown. A job needs none of it.
func (d *doctor) locale() {
	value := ""
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if text, _ := d.app.LookupEnv(name); text != "" && value == "" {
			value = text
		}
	}
	plain := strings.ToLower(strings.ReplaceAll(value, "-", ""))
	switch {
	case strings.Contains(plain, "utf8"):
		d.ok(checkLocale, "%s", value)
	case value == "" && (runtime.GOOS == "windows" || runtime.GOOS == "darwin"):
		d.ok(checkLocale, "the system's")
	case value == "":
		d.warn(checkLocale, "export LANG=C.UTF-8", "none is set: a terminal may not show Korean and Japanese names (files are UTF-8 in any case)")
	default:
		d.warn(checkLocale, "export LANG=C.UTF-8", "%s is not UTF-8: a terminal may not show Korean and Japanese names (files are UTF-8 in any case)", value)
	}
}
