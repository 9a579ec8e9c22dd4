package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/worksctl/worksctl/internal/exit"
)

// check holds the text of a config file against what may stand there. viper
// takes unknown keys, other spellings and wrong types in silence and knows no
// lines, so the file is looked at before viper reads it.
func check(path string, data []byte) error {
	c := checker{path: path}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return exit.Usagef("BAD_CONFIG", "", "config file %s: %s", path, oneLine(err))
	}
	var second yaml.Node
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return exit.Usagef("BAD_CONFIG", "", "config file %s: holds more than one YAML document", path)
	}
	root := document.Content[0]
	if isNull(root) {
		return nil
	}
	top, err := c.mapping(root, "the file", topFields())
	if err != nil {
		return err
	}
	return c.profiles(top["profiles"])
}

type checker struct{ path string }

func (c checker) errorf(at *yaml.Node, format string, args ...any) error {
	return exit.Usagef("BAD_CONFIG", "", "config file %s, line %d: %s", c.path, at.Line, fmt.Sprintf(format, args...))
}

func (c checker) profiles(node *yaml.Node) error {
	if node == nil || isNull(node) {
		return nil
	}
	if node.Kind != yaml.SequenceNode {
		return c.errorf(node, "profiles must be a list: begin each profile with `- name: NAME`")
	}
	lines := map[string]int{} // of each name
	for i, item := range node.Content {
		where := fmt.Sprintf("profile %d", i+1)
		values, err := c.mapping(resolved(item), where, profileFields())
		if err != nil {
			return err
		}
		name, ok := values["name"]
		if !ok {
			return c.errorf(item, "%s has no name: add `name: NAME`", where)
		}
		if first, twice := lines[name.Value]; twice {
			return c.errorf(name, "profile name %q is taken since line %d: choose another", name.Value, first)
		}
		lines[name.Value] = name.Line
	}
	return nil
}

// mapping checks one mapping against its fields and returns its values.
func (c checker) mapping(node *yaml.Node, where string, fields []field) (map[string]*yaml.Node, error) {
	if node.Kind != yaml.MappingNode {
		return nil, c.errorf(node, "%s must hold `key: value` lines", where)
	}
	values := map[string]*yaml.Node{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], resolved(node.Content[i+1])
		f, ok := find(fields, key.Value)
		if !ok {
			return nil, c.errorf(key, "unknown key %q in %s%s: known are %s", key.Value, where, didYouMean(key.Value, keys(fields)), list(keys(fields)))
		}
		if _, twice := values[key.Value]; twice {
			return nil, c.errorf(key, "key %s stands twice in %s: remove one", key.Value, where)
		}
		if f.problem != nil {
			if problem := f.problem(value); problem != "" {
				return nil, c.errorf(value, "%s of %s %s", key.Value, where, problem)
			}
		}
		values[key.Value] = value
	}
	return values, nil
}

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null" }

// resolved follows an alias (*name) to what it stands for.
func resolved(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// oneLine makes the YAML reader's error fit behind the file's name.
func oneLine(err error) string {
	return strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "yaml: ")), " ")
}
