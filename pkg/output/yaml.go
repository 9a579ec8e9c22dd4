package output

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

type yamlSink[T any] struct {
	buffer
	encode Encoder[T]
	json   []byte
	rows   int
}

// NewYAML makes a sink that writes one YAML list, item by item; "[]" when there
// are none. An item has the fields of its JSON, in the same order. Strings that
// another YAML reader could take for something else are quoted.
func NewYAML[T any](w io.Writer, encode Encoder[T]) Sink[T] {
	return &yamlSink[T]{buffer: newBuffer(w), encode: encode}
}

func (s *yamlSink[T]) Write(v T) error {
	if s.err != nil {
		return s.err
	}
	item, err := s.item(v)
	if err != nil {
		s.err = err
		return err
	}
	s.data = append(s.data, item...)
	s.rows++
	return s.flushIfFull()
}

func (s *yamlSink[T]) item(v T) ([]byte, error) {
	var err error
	if s.json, err = s.encode(s.json[:0], v); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(s.json))
	d.UseNumber()
	node, err := yamlNode(d)
	if err != nil {
		return nil, fmt.Errorf("convert a row to yaml: %w", err)
	}
	return yaml.Marshal(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{node}})
}

func (s *yamlSink[T]) Close() error {
	if s.end() && s.rows == 0 && s.err == nil {
		s.data = append(s.data, "[]\n"...)
	}
	return s.flush()
}

func (s *yamlSink[T]) Abort() error { return s.abort() }

// yamlNode reads one JSON value token by token, since maps would lose the order
// of the fields and YAML's own parser doesn't take all of JSON.
func yamlNode(d *json.Decoder) (*yaml.Node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		kind := yaml.MappingNode
		if t == '[' {
			kind = yaml.SequenceNode
		}
		node := &yaml.Node{Kind: kind}
		for d.More() { // in an object this reads keys and values in turn
			child, err := yamlNode(d)
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, child)
		}
		_, err := d.Token()
		return node, err
	case string:
		return yamlString(t), nil
	case json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: t.String()}, nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(t)}, nil
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: "null"}, nil
	default:
		return nil, errors.New("unexpected JSON token")
	}
}

func yamlString(s string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if !plainYAML(s) {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

// plainYAML is stricter than YAML: only what begins with a letter, is no word of
// any YAML version and has no character that a reader may fold goes unquoted.
func plainYAML(s string) bool {
	if r, _ := utf8.DecodeRuneInString(s); !unicode.IsLetter(r) {
		return false
	}
	if len(s) <= len("false") {
		switch strings.ToLower(s) {
		case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
			return false
		}
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r != ' ' && !unicode.IsGraphic(r) || r == '\u0085' })
}
