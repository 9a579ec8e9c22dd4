package config

// The names that no profile in the config file may have.
const (
	SandboxName = "sandbox" // the embedded back end
	EnvName     = "env"     // the connection that the environment alone describes
)

// DefaultMaxWipesPerHour is the cap on wipes and resets of one tenant where its
// profile sets none (cli.md, "Acting").
const DefaultMaxWipesPerHour = 20

// SignIn is the way in which a profile gets its access tokens.
type SignIn string

// The kinds of sign-in.
const (
	SignInServiceAccount SignIn = "service-account" // JWT assertion of a service account
	SignInWeb            SignIn = "web"             // a person in a browser
	SignInToken          SignIn = "token"           // a ready access token
)

// Storage says where the credential in force is kept.
type Storage string

// The places of a credential. Only the first two can stand in a profile.
const (
	StorageKeyring     Storage = "keyring"     // the keyring of the operating system
	StorageFile        Storage = "file"        // an age-encrypted file in the state folder
	StorageEnvironment Storage = "environment" // WORKSCTL_TOKEN, WORKSCTL_CLIENT_ID and so on
)

// Flags are the flags that take part in the settings. Empty means not given:
// the caller refuses a flag that was given an empty text.
type Flags struct {
	Profile string // --profile
	Output  string // -o
}

// Settings are what is in force for one run.
type Settings struct {
	Name     string // the profile; EnvName for a connection of the environment alone
	Sandbox  bool   // the embedded back end: no address, no credential
	APIURL   string // without a slash at its end; empty for the sandbox
	AuthURL  string // likewise
	DomainID int32  // 0 where none is set
	Output   string // format of -o; "table" where nothing else is set

	// Columns are the mappings of headers for a console's download, as `--map`
	// takes them.
	Columns []string

	// BotID is the bot of notices that go through one; 0 is none.
	BotID int
	// MaxWipesPerHour caps wipes and resets of this tenant; 0 forbids them.
	MaxWipesPerHour int

	Credential
}

// values are the settings that can come from any layer, as viper merges them.
type values struct {
	APIURL          string   `mapstructure:"api_url"`
	AuthURL         string   `mapstructure:"auth_url"`
	DomainID        int32    `mapstructure:"domain_id"`
	SignIn          string   `mapstructure:"sign_in"`
	Storage         string   `mapstructure:"storage"`
	ClientID        string   `mapstructure:"client_id"`
	ServiceAccount  string   `mapstructure:"service_account"`
	Scopes          []string `mapstructure:"scopes"`
	Output          string   `mapstructure:"output"`
	Columns         []string `mapstructure:"columns"`
	BotID           int      `mapstructure:"bot_id"`
	MaxWipesPerHour int      `mapstructure:"max_wipes_per_hour"`
}

func defaults() map[string]any {
	return map[string]any{
		"api_url":            DefaultAPIURL,
		"auth_url":           DefaultAuthURL,
		"sign_in":            string(SignInServiceAccount),
		"storage":            string(StorageKeyring),
		"output":             outputs()[0],
		"max_wipes_per_hour": DefaultMaxWipesPerHour,
	}
}
