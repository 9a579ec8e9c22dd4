package config

import (
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// plain reports whether everything stands where the edits look for it: each key
// on a line of its own, and its value on the same line, but for the list of
// profiles and lists in them, which have a line for each entry.
func (l *layout) plain() bool {
	for _, t := range l.lines {
		// YAML counts these as ends of lines too, or as something before them.
		if strings.ContainsAny(t.text, "\u0085\u2028\u2029\ufeff") || strings.Contains(strings.TrimSuffix(t.text, "\r"), "\r") {
			return false
		}
	}
	if !l.plainMapping(l.root, l.root.Column, "profiles") {
		return false
	}
	list := value(l.root, "profiles")
	if list == nil || list.Kind != yaml.SequenceNode {
		return true
	}
	for _, item := range list.Content {
		if !l.plainMapping(item, item.Column, "scopes", "columns") || l.dash(list, item) < 0 {
			return false
		}
	}
	return true
}

// plainMapping allows the values of the keys in lists to be lists.
func (l *layout) plainMapping(node *yaml.Node, column int, lists ...string) bool {
	if node.Kind != yaml.MappingNode || node.Style&yaml.FlowStyle != 0 || node.Anchor != "" {
		return false
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		k, v := node.Content[i], node.Content[i+1]
		if _, _, ok := l.span(k); !ok || k.Column != column || !l.leads(k) {
			return false
		}
		if slices.Contains(lists, k.Value) && v.Kind == yaml.SequenceNode && v.Style&yaml.FlowStyle == 0 && v.Anchor == "" {
			if v.Line <= k.Line || k.Value != "profiles" && !l.plainList(v) {
				return false
			}
			continue
		}
		if isNull(v) && v.Value == "" && v.Anchor == "" {
			continue
		}
		if _, _, ok := l.span(v); !ok || v.Line != k.Line {
			return false
		}
	}
	return true
}

func (l *layout) plainList(node *yaml.Node) bool {
	for _, item := range node.Content {
		if _, _, ok := l.span(item); !ok || !l.leads(item) {
			return false
		}
	}
	return true
}

// leads reports whether nothing but the dash of a list stands before a node.
func (l *layout) leads(node *yaml.Node) bool {
	before := strings.TrimLeft(l.lines[node.Line-1].text[:l.offset(node)], " ")
	return before == "" || before[0] == '-' && strings.Trim(before[1:], " ") == ""
}

// dash returns the line of the dash before a profile, or -1: the first key may
// stand below it.
func (l *layout) dash(list, item *yaml.Node) int {
	for i := item.Line - 1; i >= list.Line-1; i-- {
		text := l.lines[i].text
		if at := strings.IndexFunc(text, func(r rune) bool { return r != ' ' }); at == list.Column-1 && text[at] == '-' {
			return i
		}
	}
	return -1
}

// offset returns where on its line a node begins, in bytes.
func (l *layout) offset(node *yaml.Node) int {
	text, at := l.lines[node.Line-1].text, 0
	for range node.Column - 1 {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// span returns from where to where on its line a value stands, in bytes; ok is
// false for one that goes over several lines or bears a tag or an anchor.
func (l *layout) span(node *yaml.Node) (start, end int, ok bool) {
	if node.Anchor != "" || node.Style&yaml.TaggedStyle != 0 || node.Kind == yaml.AliasNode {
		return 0, 0, false
	}
	start = l.offset(node)
	rest := l.lines[node.Line-1].text[start:]
	length := -1
	switch {
	case node.Kind != yaml.ScalarNode:
		length = flowLength(rest)
	case node.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		length = quotedLength(rest)
	case node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && node.Value != "" && strings.HasPrefix(rest, node.Value):
		length = len(node.Value)
	}
	return start, start + length, length >= 0
}

// quotedLength measures a text in quotes, or returns -1 if its end is not on
// this line.
func quotedLength(text string) int {
	if text == "" {
		return -1
	}
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case quote == '"' && text[i] == '\\':
			i++
		case text[i] == quote && quote == '\'' && strings.HasPrefix(text[i+1:], "'"):
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return -1
}

// flowLength measures a list or mapping in brackets, or returns -1 if its end
// is not on this line.
func flowLength(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case '#':
			if text[i-1] == ' ' || text[i-1] == '\t' {
				return -1 // a comment: the end is further down
			}
		case '"', '\'':
			if !strings.ContainsRune("[{,: ", rune(text[i-1])) {
				continue // inside a word
			}
			length := quotedLength(text[i:])
			if length < 0 {
				return -1
			}
			i += length - 1
		}
		if depth == 0 {
			return -1
		}
	}
	return -1
}

func value(node *yaml.Node, key string) *yaml.Node {
	_, v := pair(node, key)
	return v
}

func pair(node *yaml.Node, key string) (k, v *yaml.Node) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i], node.Content[i+1]
		}
	}
	return nil, nil
}

// last returns the last line that a node stands on.
func last(node *yaml.Node) int {
	end := node.Line - 1
	for _, child := range node.Content {
		if isNull(child) && child.Value == "" {
			continue // it has no place
		}
		end = max(end, last(child))
	}
	return end
}
