package config

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// entry is a key of a profile and what is to stand there: a value as YAML, a
// list, or nothing.
type entry struct {
	key   string
	value string
	list  []string
	stays bool // nothing leaves what stands there
}

// entries returns the keys of a profile in the order of a new one.
func (p Profile) entries() []entry {
	number := func(n int64, given bool) string {
		if !given {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	scopes := make([]string, len(p.Scopes))
	for i, s := range p.Scopes {
		scopes[i] = quote(s)
	}
	columns := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		columns[i] = quoteItem(c)
	}
	var wipes int64
	if p.MaxWipesPerHour != nil {
		wipes = int64(*p.MaxWipesPerHour)
	}
	return []entry{
		{key: "name", value: quote(p.Name)},
		{key: "api_url", value: quote(p.APIURL)},
		{key: "auth_url", value: quote(p.AuthURL)},
		{key: "domain_id", value: number(int64(p.DomainID), p.DomainID != 0)},
		{key: "sign_in", value: quote(string(p.SignIn))},
		{key: "storage", value: quote(string(p.Storage))},
		{key: "client_id", value: quote(p.ClientID)},
		{key: "service_account", value: quote(p.ServiceAccount)},
		{key: "scopes", list: scopes},
		{key: "output", value: quote(p.Output), stays: true},
		{key: "columns", list: columns, stays: true},
		{key: "bot_id", value: number(int64(p.BotID), p.BotID != 0), stays: true},
		{key: "max_wipes_per_hour", value: number(wipes, p.MaxWipesPerHour != nil), stays: true},
	}
}

// quote writes a text as YAML, in quotes where it would be read as something
// else without.
func quote(text string) string {
	if text == "" {
		return ""
	}
	data, err := yaml.Marshal(text)
	if err != nil || strings.Contains(strings.TrimSuffix(string(data), "\n"), "\n") {
		return strconv.Quote(text) // the reader refuses it, with the reason
	}
	return strings.TrimSuffix(string(data), "\n")
}

// quoteItem is quote for a text that may also stand in a list in brackets, where
// a comma or bracket ends an item.
func quoteItem(text string) string {
	if quoted := quote(text); quoted != text || !strings.ContainsAny(text, ",[]{}") {
		return quoted
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

func (e entry) empty() bool { return e.value == "" && len(e.list) == 0 }

// written returns the lines of an entry that isn't empty.
func (e entry) written(indent string) []string {
	if e.value != "" {
		return []string{indent + e.key + ": " + e.value}
	}
	lines := []string{indent + e.key + ":"}
	for _, v := range e.list {
		lines = append(lines, indent+"  - "+v)
	}
	return lines
}

// profile returns the node of a profile, or nil.
func (l *layout) profile(name string) *yaml.Node {
	list := l.profiles()
	if list == nil {
		return nil
	}
	for _, item := range list.Content {
		if value(item, "name").Value == name {
			return item
		}
	}
	return nil
}

// profiles returns the list of profiles, or nil where there is none.
func (l *layout) profiles() *yaml.Node {
	if l.root == nil {
		return nil
	}
	if list := value(l.root, "profiles"); list != nil && len(list.Content) > 0 {
		return list
	}
	return nil
}

// update writes entries into an existing profile.
func (l *layout) update(item *yaml.Node, entries []entry) {
	indent := strings.Repeat(" ", item.Column-1)
	end := l.tail(item, item.Column)
	var added []string
	for _, e := range entries {
		k, v := pair(item, e.key)
		switch {
		case e.empty() && e.stays:
		case k == nil && !e.empty():
			added = append(added, e.written(indent)...)
		case k == nil || same(v, e):
		case e.empty():
			l.remove(k, v)
		case v.Kind == yaml.SequenceNode && v.Style&yaml.FlowStyle == 0:
			l.updateList(v, e.list)
		default:
			text := e.value
			if text == "" {
				text = "[" + strings.Join(e.list, ", ") + "]"
			}
			start, stop, _ := l.span(v)
			l.cut(v.Line-1, start, stop, text)
		}
	}
	l.insert(end, added...) // after what replaces the last line
}

// same reports whether a value says already what an entry says, in whatever
// way of writing.
func same(node *yaml.Node, e entry) bool {
	var is, want any
	text := e.value
	if text == "" {
		text = "[" + strings.Join(e.list, ", ") + "]"
	}
	if node.Decode(&is) != nil || yaml.Unmarshal([]byte(text), &want) != nil {
		return false
	}
	if list, ok := is.([]any); ok {
		wanted, _ := want.([]any)
		return slices.Equal(list, wanted)
	}
	return is == want
}

// updateList rewrites a list that has a line for each entry. An entry that
// stays keeps its line, with the comment on it.
func (l *layout) updateList(list *yaml.Node, wanted []string) {
	lines := map[string]string{}
	for _, item := range list.Content {
		lines[item.Value] = strings.TrimSuffix(l.lines[item.Line-1].text, "\r")
		l.lines[item.Line-1].gone = true
	}
	indent := strings.Repeat(" ", list.Column-1)
	for _, w := range wanted {
		var plain string
		_ = yaml.Unmarshal([]byte(w), &plain) // it was made by quote
		text, kept := lines[plain]
		if !kept {
			text = indent + "- " + w
		}
		delete(lines, plain) // a comment once
		l.insert(list.Line-1, text)
	}
}

// remove takes a key out. The dash of a profile stays, if it stands before it.
func (l *layout) remove(k, v *yaml.Node) {
	if v.Kind == yaml.SequenceNode && v.Style&yaml.FlowStyle == 0 {
		for _, item := range v.Content {
			l.lines[item.Line-1].gone = true
		}
	}
	i := k.Line - 1
	start := l.offset(k)
	if strings.TrimLeft(l.lines[i].text[:start], " ") == "" {
		l.lines[i].gone = true
		return
	}
	l.cut(i, start, len(strings.TrimSuffix(l.lines[i].text, "\r")), "")
}

func (l *layout) appendProfile(entries []entry) {
	added := func(indent string) []string {
		var lines []string
		for _, e := range entries {
			if !e.empty() {
				lines = append(lines, e.written(indent+"  ")...)
			}
		}
		lines[0] = indent + "- " + strings.TrimLeft(lines[0], " ")
		return lines
	}
	if list := l.profiles(); list != nil {
		l.insert(l.tail(list, list.Column), added(strings.Repeat(" ", list.Column-1))...)
		return
	}
	if l.root == nil {
		l.insert(len(l.lines)-1, append([]string{"profiles:"}, added("  ")...)...)
		return
	}
	indent := strings.Repeat(" ", l.root.Column-1)
	k, v := pair(l.root, "profiles")
	if k == nil {
		l.insert(last(l.root), append([]string{indent + "profiles:"}, added(indent+"  ")...)...)
		return
	}
	if start, end, ok := l.span(v); ok { // [] or null
		l.cut(v.Line-1, start, end, "")
	}
	l.insert(k.Line-1, added(indent+"  ")...)
}

// tail returns the last line of a node, with the comments right below it that
// begin to the right of a column.
func (l *layout) tail(node *yaml.Node, column int) int {
	end := last(node)
	for end+1 < len(l.lines) {
		text := strings.TrimLeft(l.lines[end+1].text, " ")
		if !strings.HasPrefix(text, "#") || len(l.lines[end+1].text)-len(text) < column {
			break
		}
		end++
	}
	return end
}

// removeProfile takes out the lines of a profile, and the comments that are
// indented like it below them.
func (l *layout) removeProfile(name string) {
	list, item := l.profiles(), l.profile(name)
	for i := l.dash(list, item); i <= l.tail(item, list.Column); i++ {
		l.lines[i].gone = true
	}
}

func (l *layout) setCurrent(name string) {
	k, v := pair(l.root, "current")
	if k == nil {
		first := l.root.Content[0]
		l.insert(first.Line-2, strings.Repeat(" ", l.root.Column-1)+"current: "+quote(name))
		return
	}
	if same(v, entry{value: quote(name)}) {
		return
	}
	start, end, _ := l.span(v)
	l.cut(v.Line-1, start, end, quote(name))
}

func (l *layout) removeCurrent() {
	if k, v := pair(l.root, "current"); k != nil {
		l.remove(k, v)
	}
}
