package credential

import (
	"encoding/base64"
	"fmt"
	"slices"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/pkg/api"
)

// elsewhere is the remedy where a keyring is of no use.
const elsewhere = "keep the credential in an encrypted file (--storage file) or in the environment (WORKSCTL_CLIENT_ID and so on)"

// failure is a text for a person around what the program asks for: a sentinel,
// and the cause, which may be nil.
type failure struct {
	text        string
	kind, cause error
}

func (f *failure) Error() string { return f.text }

func (f *failure) Unwrap() []error {
	if f.cause == nil {
		return []error{f.kind}
	}
	return []error{f.kind, f.cause}
}

func refuse(id, hint string, kind, cause error, format string, args ...any) error {
	return &exit.Error{Exit: exit.SignIn, ID: id, Hint: hint, Err: &failure{fmt.Sprintf(format, args...), kind, cause}}
}

func login(profile string) string { return "worksctl auth login --profile " + profile }

func notFound(store, profile string, item Item) error {
	return refuse("NO_CREDENTIAL", login(profile), ErrNotFound, nil, "%s holds no %s of profile %s: sign in", store, item, profile)
}

// check refuses what no store takes. It does not say what was given.
func check(profile string, secrets map[Item]api.Secret) error {
	for item, secret := range secrets {
		switch {
		case !slices.Contains(Items(), item):
			return fmt.Errorf("profile %s: there is no secret called %s", profile, item)
		case secret.Reveal() == "":
			return exit.SignInf("EMPTY_SECRET", "", "profile %s: the %s is empty", profile, item)
		case item == PrivateKey && der(secret.Reveal()) == nil:
			return fmt.Errorf("profile %s: the %s is not in base64", profile, item)
		}
	}
	return nil
}

// der returns the bytes of a private key, or nil where the text isn't exactly
// what they are in base64.
func der(text string) []byte {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || base64.StdEncoding.EncodeToString(data) != text {
		return nil
	}
	return data
}
