package config

import (
	"errors"
	"math"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/pkg/api"
	"github.com/worksctl/worksctl/pkg/output"
)

// field is a key that may stand in the config file; problem says what is wrong
// with its value, or nothing.
type field struct {
	key     string
	problem func(*yaml.Node) string
}

func topFields() []field {
	return []field{
		{"current", currentProblem},
		{"profiles", nil}, // looked at one by one
	}
}

func profileFields() []field {
	return []field{
		{"name", nameProblem},
		{"api_url", addressProblem},
		{"auth_url", addressProblem},
		{"domain_id", func(n *yaml.Node) string { return numberProblem(n, 1, math.MaxInt32) }},
		{"sign_in", func(n *yaml.Node) string { return choiceProblem(n, signIns()) }},
		{"storage", func(n *yaml.Node) string { return choiceProblem(n, storages()) }},
		{"client_id", wordProblem},
		{"service_account", wordProblem},
		{"scopes", scopesProblem},
		{"output", func(n *yaml.Node) string { return choiceProblem(n, outputs()) }},
		{"columns", columnsProblem},
		{"bot_id", func(n *yaml.Node) string { return numberProblem(n, 1, math.MaxInt32) }},
		{"max_wipes_per_hour", func(n *yaml.Node) string { return numberProblem(n, 0, math.MaxInt32) }},
	}
}

func signIns() []string {
	return []string{string(SignInServiceAccount), string(SignInWeb), string(SignInToken)}
}

func storages() []string { return []string{string(StorageKeyring), string(StorageFile)} }

// outputs are the formats of -o.
func outputs() []string {
	var names []string
	for _, f := range output.Formats() {
		names = append(names, string(f))
	}
	return names
}

func find(fields []field, key string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.key == key })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

func keys(fields []field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.key
	}
	return names
}

func textProblem(n *yaml.Node) string {
	switch {
	case n.Kind != yaml.ScalarNode:
		return "must be text"
	case n.Value == "":
		return "is empty: give it a value or remove the line"
	case n.ShortTag() != "!!str":
		return "must be text: put it in quotes"
	default:
		return ""
	}
}

// wordProblem is for what goes into forms and claims as it is.
func wordProblem(n *yaml.Node) string {
	if problem := textProblem(n); problem != "" {
		return problem
	}
	if strings.ContainsFunc(n.Value, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) {
		return "must be one word without blanks"
	}
	return ""
}

func scopesProblem(n *yaml.Node) string {
	const remedy = "must be a list of words, such as [security.device, user.read]"
	if n.Kind != yaml.SequenceNode {
		return remedy
	}
	for _, item := range n.Content {
		if wordProblem(resolved(item)) != "" {
			return remedy
		}
	}
	return ""
}

// columnsProblem is for what `--map` takes.
func columnsProblem(n *yaml.Node) string {
	const remedy = "must be a list of mappings, such as ['Gerät=model', 'Nutzer=user_name,user_id']"
	if n.Kind != yaml.SequenceNode {
		return remedy
	}
	for _, item := range n.Content {
		if problem := textProblem(resolved(item)); problem != "" {
			return remedy
		}
		if _, err := consolefile.ParseMapping(resolved(item).Value); err != nil {
			return "has no header and column: " + strings.TrimPrefix(err.Error(), "--map ")
		}
	}
	return ""
}

func currentProblem(n *yaml.Node) string {
	if n.Value == SandboxName {
		return "can't be " + SandboxName + ", which is never a default: name it with --profile " + SandboxName
	}
	return textProblem(n)
}

// nameProblem keeps names that look alike apart, above all from the reserved
// ones: a "Sandbox" that wipes real phones must not exist.
func nameProblem(n *yaml.Node) string {
	if problem := textProblem(n); problem != "" {
		return problem
	}
	for _, reserved := range []string{SandboxName, EnvName} {
		if strings.EqualFold(n.Value, reserved) {
			return "is reserved: choose another than " + SandboxName + " and " + EnvName
		}
	}
	if !norm.NFKC.IsNormalString(n.Value) { // two that look the same would be two tenants
		return "must be written in composed characters of usual width (Unicode normal form NFKC)"
	}
	if mixed(n.Value) {
		return "must not mix Latin with Cyrillic or Greek letters: another name could look the same"
	}
	allowed := func(r rune) bool {
		return !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) && !unicode.Is(unicode.Variation_Selector, r) &&
			(unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r))
	}
	if strings.HasPrefix(n.Value, "-") || strings.ContainsFunc(n.Value, func(r rune) bool { return !allowed(r) }) {
		return "may hold letters, digits, '.', '_' and '-' only, and not begin with '-'"
	}
	if strings.Trim(n.Value, ".") == "" {
		return "must not be of dots only"
	}
	return ""
}

// mixed reports whether a name has Latin letters beside those of scripts that
// look like them.
func mixed(name string) bool {
	has := func(script ...*unicode.RangeTable) bool {
		return strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, script...) })
	}
	return has(unicode.Latin) && has(unicode.Cyrillic, unicode.Greek)
}

func addressProblem(n *yaml.Node) string {
	if problem := textProblem(n); problem != "" {
		return problem
	}
	if bad, ok := errors.AsType[*api.BaseURLError](parsed(n.Value)); ok {
		return "(" + bad.URL + "): " + bad.Reason
	}
	return ""
}

func parsed(raw string) error {
	_, err := api.ParseBaseURL(raw)
	return err
}

func numberProblem(n *yaml.Node, low, high int64) string {
	var value int64
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" || n.Decode(&value) != nil || value < low || value > high {
		if low == 0 {
			return "must be a whole number, 0 or more"
		}
		return "must be a whole number from 1 to 2147483647"
	}
	return ""
}

func choiceProblem(n *yaml.Node, choices []string) string {
	if n.Kind == yaml.ScalarNode && slices.Contains(choices, n.Value) {
		return ""
	}
	return "must be one of " + list(choices) + didYouMean(n.Value, choices)
}
