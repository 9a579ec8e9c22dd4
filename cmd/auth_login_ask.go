package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/worksctl/worksctl/internal/auth"
	"github.com/worksctl/worksctl/internal/config"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/terminal"
	"github.com/worksctl/worksctl/pkg/api"
)

// question is one step of the dialog.
type question struct {
	needed  bool
	refused string // code with which the auth server refuses the answer
	by      asks
	name    string
	more    func() string // about the answer
	offer   func() string
	take    func(answer string) error // its error follows the name; it quotes no secret
}

// asks is how a question is asked.
type asks int

const (
	visible asks = iota // Enter takes the offer
	hidden              // take gets what was typed
	aKey                // likewise
)

// greet begins the dialog.
func (l *login) greet() {
	l.app.Term.Notef("Signing in to profile %s. Enter takes what stands in brackets.", l.profile.Name)
	if l.before.ClientID != "" && l.before.Storage == config.StorageFile {
		l.app.Term.Notef("First, what is kept of it in the encrypted file is opened, with the passphrase that it has.")
	}
}

// ask asks for everything that no flag has said; after a refusal, for what the
// auth server may mean by its code. What has a default or stands in the profile
// already is confirmed with Enter.
func (l *login) ask(ctx context.Context, refused string) error {
	for _, q := range l.questions() {
		if refused == "" && !q.needed || refused != "" && q.refused != refused {
			continue
		}
		if err := l.put(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

func (l *login) questions() []question {
	p := &l.profile
	service := p.SignIn == config.SignInServiceAccount
	word := func(to *string, check func(string) error) (func() string, func(string) error) {
		return func() string { return *to }, func(s string) (err error) {
			if err = check(s); err == nil {
				*to = s
			}
			return err
		}
	}
	apiURL, takeAPI := word(&p.APIURL, checkAddress)
	authURL, takeAuth := word(&p.AuthURL, checkAddress)
	clientID, takeClient := word(&p.ClientID, checkWord)
	account, takeAccount := word(&p.ServiceAccount, checkWord)
	grant := "" // a browser brings another one
	if service {
		grant = "invalid_grant"
	}
	says := func(more string) func() string { return func() string { return more } }
	return []question{
		{!l.given("api-url"), "", visible, "API address", says(""), apiURL, takeAPI},
		{!l.given("auth-url"), "", visible, "Auth server address", says(""), authURL, takeAuth},
		{!l.given("client-id"), "invalid_client", visible, "Client ID", says(""), clientID, takeClient},
		{l.clientSecret.Reveal() == "", "invalid_client", hidden, "Client secret", says(" (not shown)"), l.offerSecret, l.takeSecret},
		{service && !l.given("service-account"), grant, visible, "Service account ID", says(""), account, takeAccount},
		{service && l.privateKey == nil, grant, aKey, "Private key file", says(""), l.offerKey, l.takeKey},
		{!l.given("scope"), "invalid_scope", visible, "Scopes", l.aboutScopes, l.offerScopes, l.takeScopes},
		{!l.given("domain-id"), "", visible, "Domain ID", says(" (none: every domain)"), l.offerDomain, l.takeDomain},
	}
}

// put asks one question until the answer is of use, or until Ctrl-C or Ctrl-D.
// What was typed ahead, such as the rest of a paste, answers nothing.
func (l *login) put(ctx context.Context, q question) error {
	for {
		offer := q.offer()
		text := q.name + q.more()
		if offer != "" {
			text += " [" + offer + "]"
		}
		answer, err := l.answer(ctx, q.by, text+": ")
		if e := exit.As(err); e != nil && e.ID == "BAD_ANSWER" {
			l.app.Term.Notef("%v", err)
			continue
		}
		if err != nil {
			return err
		}
		switch {
		case q.by != aKey && terminal.IsPEM(answer):
			for err == nil && !strings.Contains(answer, "-----END") { // its lines answer nothing else
				answer, err = l.app.Term.Ask(ctx, "")
			}
			err = cmp.Or(err, errors.New("is asked for here, not a key"))
		case q.by == visible:
			err = q.take(cmp.Or(answer, offer))
		default:
			err = q.take(answer)
		}
		if err == nil {
			return nil
		}
		l.app.Term.Notef("%s %v", q.name, err)
	}
}

func (l *login) answer(ctx context.Context, by asks, text string) (string, error) {
	if by == visible {
		return l.app.Term.AskAfresh(ctx, text)
	}
	ask := l.app.Term.AskSecret
	if by == aKey {
		ask = l.app.Term.AskKey
	}
	secret, err := ask(ctx, text)
	return secret.Reveal(), err
}

// refusedFor is the code of a refusal that other answers could mend, or empty.
func (l *login) refusedFor(err error) string {
	e, ok := errors.AsType[*auth.Error](err)
	if _, skew := errors.AsType[*auth.SkewError](err); !l.asked || !ok || !e.Refused() || skew {
		return ""
	}
	for _, q := range l.questions() {
		if q.refused == e.Code {
			return e.Code
		}
	}
	return ""
}

func (l *login) offerSecret() string {
	if l.clientSecret.Reveal() != "" {
		return "the same"
	}
	if l.clientSecret = l.keptSecret(); l.clientSecret.Reveal() != "" {
		return "the one kept"
	}
	return ""
}

func (l *login) takeSecret(text string) error {
	if text == "" && l.clientSecret.Reveal() != "" {
		return nil
	}
	secret, err := parseSecret(text)
	switch {
	case text == "":
		return errors.New("is empty")
	case err != nil:
		return errors.New("must be one word of visible ASCII characters")
	}
	l.clientSecret = secret
	return nil
}

func (l *login) offerKey() string {
	if l.privateKey != nil {
		return "the same"
	}
	if l.privateKey = l.keptKey(); l.privateKey != nil {
		return "the one kept"
	}
	return ""
}

// takeKey takes the name of a file, or the key itself. It doesn't say what was
// typed: that may be part of a key.
func (l *login) takeKey(text string) error {
	if text == "" && l.privateKey != nil {
		return nil
	}
	if text == "" {
		return errors.New("is empty")
	}
	read := func() ([]byte, error) { return readKeyFile(l.app.path(unquoted(text))) }
	if terminal.IsPEM(text) {
		read = func() ([]byte, error) { return auth.ParsePrivateKey([]byte(text)) }
	}
	der, err := read()
	if e, ok := errors.AsType[*auth.KeyError](err); ok {
		return fmt.Errorf("is of no use: %s: %s", e.Problem, e.Remedy)
	}
	if err != nil {
		return fmt.Errorf("can't be read: %w", errors.Unwrap(err))
	}
	l.privateKey = der
	return nil
}

func (l *login) offerScopes() string { return strings.Join(identityOf(l.settings()).scopes, " ") }

// aboutScopes tells what the published scopes are for. What the scopes of a
// gateway are for its owner knows.
func (l *login) aboutScopes() string {
	if !published(l.profile.AuthURL) {
		return ""
	}
	return " (user.read finds members, user signs them out, bot.message writes to them, audit.read is for audit logs)"
}

func (l *login) takeScopes(text string) error {
	l.profile.Scopes = config.SplitScopes(text)
	return nil
}

func (l *login) offerDomain() string {
	if l.profile.DomainID == 0 {
		return ""
	}
	return strconv.Itoa(int(l.profile.DomainID))
}

func (l *login) takeDomain(text string) error {
	if text == "" || strings.EqualFold(text, none) {
		l.profile.DomainID = 0
		return nil
	}
	id, err := strconv.ParseInt(text, 10, 32)
	if err != nil || id < 1 {
		return errors.New("must be a whole number from 1 to 2147483647, or none")
	}
	l.profile.DomainID = int32(id)
	return nil
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
	if !strings.Contains(s, "://") {
		return errors.New("lacks https:// at its beginning")
	}
	_, err := api.ParseBaseURL(s)
	if bad, ok := errors.AsType[*api.BaseURLError](err); ok {
		return fmt.Errorf("%s: %s", bad.URL, bad.Reason)
	}
	return err
}
