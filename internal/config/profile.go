package config

import (
	"go.yaml.in/yaml/v3"

	"github.com/worksctl/worksctl/internal/exit"
)

// Profile is a profile as it stands in the config file, without defaults: an
// empty field is a key that is not there.
type Profile struct {
	Name            string
	APIURL          string
	AuthURL         string
	DomainID        int32
	SignIn          SignIn
	Storage         Storage
	ClientID        string
	ServiceAccount  string
	Scopes          []string
	Output          string
	Columns         []string // 'Header=column', as --map takes it
	BotID           int      // of notices that go through a bot
	MaxWipesPerHour *int     // 0 forbids wipes
}

// Profile returns the profile of that name, written exactly so.
func (f *File) Profile(name string) (Profile, bool) {
	raw, ok := f.profile(name)
	if !ok {
		return Profile{}, false
	}
	v, err := merge(raw)
	if err != nil { // Load has checked every value
		return Profile{}, false
	}
	p := Profile{
		Name: name, APIURL: v.APIURL, AuthURL: v.AuthURL, DomainID: v.DomainID,
		SignIn: SignIn(v.SignIn), Storage: Storage(v.Storage),
		ClientID: v.ClientID, ServiceAccount: v.ServiceAccount, Scopes: v.Scopes, Output: v.Output, Columns: v.Columns, BotID: v.BotID,
	}
	if _, set := raw["max_wipes_per_hour"]; set {
		p.MaxWipesPerHour = &v.MaxWipesPerHour
	}
	return p, true
}

// CheckName refuses a name that no profile can have, with exit code 2.
func CheckName(name string) error {
	if problem := nameProblem(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}); problem != "" {
		return exit.Usagef("BAD_PROFILE_NAME", "", "profile name %q %s", name, problem)
	}
	return nil
}
