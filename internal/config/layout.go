package config

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// layout is the text of a config file as lines, beside the YAML nodes that say
// where on them a key stands. The file is changed line by line and not by
// writing the nodes anew, because the YAML library moves comments to other
// nodes, drops empty lines, and so can lose a comment with a node that it does
// not belong to.
type layout struct {
	head  []string // new lines above all others
	lines []line
	cr    string     // what ends a line before its newline
	root  *yaml.Node // nil where the file says nothing
}

// line is a line of the file as it was read, the edits made to it, and the new
// lines below it. Edits keep the numbers of all lines, which the nodes know.
type line struct {
	text  string
	gone  bool
	after []string
}

// newLayout reads a text that the reader has checked. One that isn't written as
// lines of `key: value` (JSON style, aliases, values over several lines) is
// rewritten so first.
func newLayout(path, text string) (*layout, error) {
	for range 2 {
		document, err := decode(text)
		if err != nil {
			return nil, err
		}
		l := &layout{}
		if strings.Contains(text, "\r\n") {
			l.cr = "\r"
		}
		if text != "" {
			for t := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
				l.lines = append(l.lines, line{text: t})
			}
		}
		if document == nil || l.clear(document.Content[0]) {
			return l, nil
		}
		if l.root = document.Content[0]; l.plain() {
			return l, nil
		}
		if text, err = blockStyle(text, document); err != nil {
			return nil, err
		}
	}
	return nil, tooIntricate(path)
}

// decode returns nil for a text without anything but comments.
func decode(text string) (*yaml.Node, error) {
	var document yaml.Node
	err := yaml.NewDecoder(strings.NewReader(text)).Decode(&document)
	if errors.Is(err, io.EOF) {
		return nil, nil //nolint:nilnil // nothing there is no error
	}
	return &document, err
}

// clear takes the token out of a document that says nothing, such as {} or null.
func (l *layout) clear(root *yaml.Node) bool {
	if !isNull(root) && len(root.Content) > 0 {
		return false
	}
	if root.Value == "" && root.Kind == yaml.ScalarNode {
		return true
	}
	start, end, ok := l.span(root)
	if ok {
		l.cut(root.Line-1, start, end, "")
	}
	return ok
}

// blockStyle writes a document as lines of `key: value`, aliases spelled out.
// A comment that the YAML library loses on the way comes above them all.
func blockStyle(text string, document *yaml.Node) (string, error) {
	spellOut(document)
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(document); err != nil {
		return "", err
	}
	lost := ""
	for t := range strings.Lines(text) {
		if c := comment(t); !strings.Contains(b.String(), c) {
			lost += c + "\n"
		}
	}
	return lost + b.String(), encoder.Close()
}

// comment returns the comment on a line, or nothing.
func comment(text string) string {
	for i := 0; i < len(text); i++ {
		first := i == 0 || strings.ContainsRune(" \t[{,:", rune(text[i-1]))
		switch {
		case text[i] == '#' && (i == 0 || text[i-1] == ' ' || text[i-1] == '\t'):
			return strings.TrimSpace(text[i:])
		case first && (text[i] == '"' || text[i] == '\''):
			i += max(quotedLength(text[i:])-1, 0)
		}
	}
	return ""
}

func spellOut(node *yaml.Node) {
	node.Style = 0
	for i, child := range node.Content {
		if child.Kind == yaml.AliasNode {
			whole := *child.Alias
			whole.Content = slices.Clone(whole.Content)
			whole.HeadComment, whole.LineComment, whole.FootComment = child.HeadComment, child.LineComment, child.FootComment
			node.Content[i] = &whole
		}
		spellOut(node.Content[i])
	}
	node.Anchor = ""
}

func (l *layout) String() string {
	var b strings.Builder
	write := func(text string) { b.WriteString(text + "\n") }
	for _, text := range l.head {
		write(text + l.cr)
	}
	for _, line := range l.lines {
		if !line.gone {
			write(line.text)
		}
		for _, text := range line.after {
			write(text + l.cr)
		}
	}
	return b.String()
}

// insert puts new lines below line i; -1 is above the first.
func (l *layout) insert(i int, texts ...string) {
	if i < 0 {
		l.head = append(l.head, texts...)
		return
	}
	l.lines[i].after = append(l.lines[i].after, texts...)
}

// cut replaces a part of line i, and leaves no blanks at its end.
func (l *layout) cut(i, start, end int, with string) {
	text := l.lines[i].text
	ending := ""
	if strings.HasSuffix(text, "\r") {
		ending = "\r"
	}
	l.lines[i].text = strings.TrimRight(text[:start]+with+text[end:], " \t\r") + ending
}
