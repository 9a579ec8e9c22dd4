package cmd

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// maxTries is how often a question is asked again after an answer of no use.
const maxTries = 3

// complete gets what is missing: secrets from files, standard input and the
// environment, and the rest, at a terminal, by asking.
func (l *login) complete(ctx context.Context) error {
	if err := l.readSecrets(); err != nil {
		return err
	}
	missing, err := l.missing()
	if err != nil {
		return err
	}
	if len(missing) > 0 && !l.app.Term.Interactive() {
		return exit.Usagef("MISSING_SIGN_IN", l.app.completeLine(), "signing in needs %s: nobody can be asked here", strings.Join(missing, ", "))
	}
	// A store that can't be used is found before anybody types secrets.
	store, err := l.app.store(l.profile.Storage)
	if err != nil {
		return err
	}
	if _, err := store.Get(ctx, l.profile.Name, credential.ClientSecret); err != nil && !errors.Is(err, credential.ErrNotFound) {
		return err
	}
	if len(missing) > 0 {
		return l.ask(ctx)
	}
	return nil
}

func (app *App) completeLine() string { return "worksctl auth login --help" }

// readSecrets reads what flags and environment name.
func (l *login) readSecrets() (err error) {
	if err := l.readClientSecret(); err != nil {
		return err
	}
	if l.profile.SignIn != config.SignInServiceAccount {
		return nil
	}
	path, source := l.o.keyFile, "--private-key-file"
	if path == "" {
		path, _ = l.app.LookupEnv(config.EnvPrivateKeyFile)
		source = config.EnvPrivateKeyFile
	}
	if path == "" {
		return nil
	}
	if l.privateKey, err = readKeyFile(path); err != nil {
		return exit.Usagef("BAD_PRIVATE_KEY", "", "%s %v", source, err)
	}
	return nil
}

func (l *login) readClientSecret() (err error) {
	if l.o.secretFile == "-" {
		if l.app.Term.InTTY {
			return nil // it is asked for, without an echo
		}
		data, err := readUpTo(l.app.Term.In, maxSecretFile)
		if err == nil {
			l.clientSecret, err = parseSecret(string(data))
		}
		if err != nil {
			return exit.Usagef("BAD_SECRET", "", "--client-secret-file -: standard input %v", err)
		}
		return nil
	}
	path, source := l.o.secretFile, "--client-secret-file"
	if path == "" {
		text, _ := l.app.LookupEnv(config.EnvClientSecret)
		path, _ = l.app.LookupEnv(config.EnvClientSecretFile)
		source = config.EnvClientSecretFile
		switch {
		case text != "" && path != "":
			return exit.Usagef("AMBIGUOUS_CREDENTIAL", "", "%s and %s are both set: unset one", config.EnvClientSecret, config.EnvClientSecretFile)
		case text != "":
			if l.clientSecret, err = parseSecret(text); err != nil {
				return exit.Usagef("BAD_SECRET", "", "%s %v", config.EnvClientSecret, err)
			}
			return nil
		case path == "":
			return nil
		}
	}
	if l.clientSecret, err = readSecretFile(path); err != nil {
		return exit.Usagef("BAD_SECRET", "", "%s %v", source, err)
	}
	return nil
}

// missing names what has to be given or asked for.
func (l *login) missing() ([]string, error) {
	var names []string
	if l.profile.ClientID == "" {
		names = append(names, "--client-id")
	}
	if l.clientSecret.Reveal() == "" {
		names = append(names, "--client-secret-file (or "+config.EnvClientSecret+")")
	}
	if l.profile.SignIn == config.SignInServiceAccount {
		if l.profile.ServiceAccount == "" {
			names = append(names, "--service-account")
		}
		if l.privateKey == nil {
			names = append(names, "--private-key-file (or "+config.EnvPrivateKeyFile+")")
		}
	}
	if l.profile.Storage == config.StorageFile && !l.app.Term.Interactive() {
		given, err := l.app.passphraseGiven()
		if err != nil {
			return nil, err
		}
		if given.Reveal() == "" {
			names = append(names, config.EnvPassphraseFile+" (or "+config.EnvPassphrase+")")
		}
	}
	return names, nil
}

// ask asks for everything that no flag has said. What has a default or stands in
// the profile already is confirmed with Enter.
func (l *login) ask(ctx context.Context) error {
	p := &l.profile
	l.app.Term.Notef("Signing in to profile %s. Enter takes what stands in brackets.", p.Name)
	domain := ""
	if p.DomainID != 0 {
		domain = strconv.Itoa(int(p.DomainID))
	}
	scopes := strings.Join(identityOf(l.settings()).scopes, " ")
	service := p.SignIn == config.SignInServiceAccount
	for _, q := range []question{
		{!l.given("api-url"), "API address", p.APIURL, checkAddress, func(s string) { p.APIURL = s }},
		{!l.given("auth-url"), "Auth server address", p.AuthURL, checkAddress, func(s string) { p.AuthURL = s }},
		{!l.given("client-id"), "Client ID", p.ClientID, checkWord, func(s string) { p.ClientID = s }},
		{l.clientSecret.Reveal() == "", hiddenQuestion, "", nil, nil},
		{service && !l.given("service-account"), "Service account ID", p.ServiceAccount, checkWord, func(s string) { p.ServiceAccount = s }},
		{service && l.privateKey == nil, "Private key file", "", l.takeKeyFile, func(string) {}},
		{!l.given("scope"), "Scopes", scopes, nil, func(s string) { p.Scopes = strings.Fields(s) }},
		{!l.given("domain-id"), "Domain ID (none: every domain)", domain, checkDomain, func(s string) { p.DomainID = domainOf(s) }},
	} {
		if !q.needed {
			continue
		}
		if err := l.put(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// hiddenQuestion is the one whose answer is not shown.
const hiddenQuestion = "Client secret (not shown)"

type question struct {
	needed  bool
	text    string
	instead string // taken for an empty answer
	check   func(string) error
	take    func(string)
}

// put asks one question until the answer is of use, a few times.
func (l *login) put(ctx context.Context, q question) error {
	for try := 1; ; try++ {
		err := l.putOnce(ctx, q)
		bad, ok := errors.AsType[*answerError](err)
		switch {
		case !ok:
			return err
		case try == maxTries:
			return exit.Refusedf("BAD_ANSWER", "", "%s %v: nothing was kept", q.text, bad)
		}
		l.app.Term.Notef("%v", bad)
	}
}

// answerError says why an answer is of no use.
type answerError struct{ err error }

func (e *answerError) Error() string { return e.err.Error() }

func (l *login) putOnce(ctx context.Context, q question) error {
	if q.text == hiddenQuestion {
		answer, err := l.app.Term.AskSecret(ctx, q.text+": ")
		if err != nil {
			return err
		}
		secret, err := parseSecret(answer.Reveal())
		if err != nil {
			return &answerError{err}
		}
		l.clientSecret = secret
		return nil
	}
	text := q.text + ": "
	if q.instead != "" {
		text = q.text + " [" + q.instead + "] "
	}
	answer, err := l.app.Term.Ask(ctx, text)
	if err != nil {
		return err
	}
	if answer == "" {
		answer = q.instead
	}
	if q.check != nil {
		if err := q.check(answer); err != nil {
			return &answerError{err}
		}
	}
	q.take(answer)
	return nil
}

func (l *login) takeKeyFile(path string) (err error) {
	if path == "" {
		return errors.New("is empty")
	}
	if l.privateKey, err = readKeyFile(path); err == nil {
		return nil
	}
	if e, ok := errors.AsType[*auth.KeyError](err); ok {
		return e
	}
	return err
}

func checkWord(s string) error {
	switch {
	case s == "":
		return errors.New("is empty")
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }):
		return errors.New("must be one word without blanks")
	}
	return nil
}

func checkAddress(s string) error {
	_, err := api.ParseBaseURL(s)
	if bad, ok := errors.AsType[*api.BaseURLError](err); ok {
		return fmt.Errorf("%s: %s", bad.URL, bad.Reason)
	}
	return err
}

func checkDomain(s string) error {
	if s != "" && domainOf(s) == 0 {
		return errors.New("must be a whole number from 1 to 2147483647")
	}
	return nil
}

// domainOf is 0 for what is no id.
func domainOf(s string) int32 {
	id, err := strconv.ParseInt(s, 10, 32)
	if err != nil || id < 1 {
		return 0
	}
	return int32(id)
}
