package consolefile

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/worksctl/worksctl/internal/fleet"
	"github.com/worksctl/worksctl/internal/sheet"
)

// own returns the text of a cell whose column holds key alone.
func (r *reader) own(row sheet.Row, key string) string {
	if !r.file.isSingle(key) {
		return ""
	}
	c, _ := r.file.column(key)
	text, _ := taken(cell(row, c.at))
	if isAbsent(text) && !c.exact {
		return ""
	}
	return text
}

// member returns what a row says of its member. Brackets behind the name hold
// the id, unless e-mail or id have a column of their own and say otherwise:
// then it is a team or a title, and belongs to the name.
func (r *reader) member(row sheet.Row) (name, id, email string) {
	id, email = r.own(row, fleet.KeyUserID), r.own(row, fleet.KeyUserEmail)
	if isEmail(id) && !r.file.isSingle(fleet.KeyUserEmail) {
		id, email = "", id
	}
	c, ok := r.file.column(fleet.KeyUserName)
	if !ok {
		return "", id, email
	}
	name, _ = taken(cell(row, c.at))
	before, inner := splitMember(name)
	local, _, _ := strings.Cut(email, "@")
	joined, hasID, hasEmail := len(c.Keys) > 1, r.file.isSingle(fleet.KeyUserID), r.file.isSingle(fleet.KeyUserEmail)
	switch {
	case joined && !hasID && r.shapes.digits.MatchString(name):
		return "", name, email
	case inner == "" || before == "" && hasEmail:
	case hasID:
		if inner == id || strings.EqualFold(inner, email) {
			name = before
		}
	case isEmail(inner) && hasEmail:
		name = before // of the row's e-mail, see otherMember
	case isEmail(inner) && joined:
		name, email = before, inner
	case joined && (!hasEmail || strings.EqualFold(inner, local)):
		name, id = before, inner
	}
	return name, id, email
}

// otherMember reports whether the name has another e-mail behind it than the
// row has in its own column.
func (r *reader) otherMember(row sheet.Row, text string) bool {
	_, inner := splitMember(text)
	email := r.own(row, fleet.KeyUserEmail)
	return isEmail(inner) && email != "" && !strings.EqualFold(inner, email)
}

func (p *parts) setUser(in sheet.Cell, text string) string {
	name, id, email := p.member(p.in)
	why := cmp.Or(p.shapes.nameDamage(text), stray(fleet.KeyUserName, text))
	if why == "" && p.otherMember(p.in, text) {
		why = strconv.Quote(text) + " is another member than the row's e-mail: are the cells shifted?"
	}
	if _, id := splitMember(text); why == "" && !isEmail(id) && len(p.column.Keys) > 1 && len(emailsIn(text)) > 1 {
		why = strconv.Quote(text) + " has several e-mails: which is the member's can't be told"
	}
	if why = cmp.Or(nameCell(in, text), p.doubt(text, why)); why != "" {
		return why
	}
	u := &p.row.Device.User
	if !p.file.isSingle(fleet.KeyUserID) {
		if why := p.loginDamage(in, id); why != "" {
			return why
		}
		u.UserID = id
		if !p.file.isSingle(fleet.KeyUserEmail) {
			u.Email = email
		}
	}
	u.UserName = name
	return ""
}

// loginDamage says what is wrong with a member's id.
func (p *parts) loginDamage(in sheet.Cell, id string) string {
	why := ""
	if id != "" && !p.shapes.uuid.MatchString(id) && !isEmail(id) {
		if why = idCell(in, id); why != "" {
			return why
		}
		why = p.shapes.idDamage(id)
	}
	return cmp.Or(p.doubt(id, why, p.suspect[fleet.KeyUserID][p.row.Number]), p.contradicts[p.row.Number])
}

// setLogin reads a member's id or e-mail that has a column of its own. What is
// written as an e-mail is one, since the console's ID is the login; a member of
// an id is known by it.
func (p *parts) setLogin(key string, in sheet.Cell, text string) string {
	u := &p.row.Device.User
	if isAbsent(text) && !p.column.exact {
		return ""
	}
	if key == fleet.KeyUserEmail {
		if !isEmail(text) {
			return strconv.Quote(text) + " is no e-mail"
		}
		u.Email = text
		return ""
	}
	if name, id := splitMember(text); name != "" && id != "" {
		if why := p.doubt(text, strconv.Quote(text)+" is a name with an id: are the cells shifted?"); why != "" {
			return why
		}
	}
	if why := p.loginDamage(in, text); why != "" {
		return why
	}
	if isEmail(text) && !p.file.isSingle(fleet.KeyUserEmail) {
		u.Email = text
	} else {
		u.UserID = text
	}
	return ""
}

// surveyMembers finds ids that a spreadsheet changed, and those that can't be
// the member's because another row says otherwise: contradicts has those that
// aren't of one member, even if each is as it should be.
func (r *reader) surveyMembers() map[int]string {
	ids, digits := map[int]string{}, map[int]string{}
	emails, logins, names := map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]map[string]bool{}
	r.contradicts, r.locals = map[int]string{}, map[string]bool{}
	c, _ := r.file.column(fleet.KeyUserID)
	brackets := slices.Contains(c.Keys, fleet.KeyUserName) && !r.file.isSingle(fleet.KeyUserEmail)
	add := func(all map[string]map[string]bool, key, value string) {
		if all[key] == nil {
			all[key] = map[string]bool{}
		}
		all[key][value] = true
	}
	regular := 0
	for _, row := range r.rows {
		name, id, email := r.member(row)
		email = strings.ToLower(email)
		if id == "" {
			continue
		}
		ids[row.Number] = id
		if isLogin(id) {
			regular++
		}
		if r.shapes.digits.MatchString(id) {
			digits[row.Number] = id
		}
		if email != "" {
			add(emails, id, email)
			add(logins, email, id)
		}
		if name != "" {
			add(names, strings.ToLower(id), fold(name))
		}
	}
	found := r.shapes.rounded(digits)
	maps.Copy(found, r.shapes.lostZeros(digits))
	for id, of := range emails {
		local := func(email string) bool { return strings.HasPrefix(email, strings.ToLower(id)+"@") }
		r.locals[id] = len(of) > 1 && !slices.ContainsFunc(slices.Collect(maps.Keys(of)), func(email string) bool { return !local(email) })
	}
	teams := fleet.ShellQuote(Mapping{Header: c.Header, Keys: []string{fleet.KeyUserName}}.String())
	for _, row := range r.rows {
		_, id, email := r.member(row)
		switch quoted := strconv.Quote(id); {
		case id == "":
		case len(emails[id]) > 1 && !r.locals[id]:
			r.contradicts[row.Number] = quoted + " stands with several e-mails in the file: it can't be the id of all of them"
		case len(logins[strings.ToLower(email)]) > 1:
			r.contradicts[row.Number] = quoted + " is not the only id that the file has for " + email
		case brackets && len(names[strings.ToLower(id)]) > 1:
			found[row.Number] = quoted + " is the id of several names: if the brackets hold teams, --map " + teams
		case !isLogin(id) && 2*regular > len(ids):
			found[row.Number] = quoted + " is not written as the other ids are: are the cells shifted?"
		}
	}
	return found
}

// splitUser splits "Name (ID)". What isn't written like an id belongs to the
// name, such as a team in brackets.
func splitUser(cell string) (name, id string) {
	text := strings.TrimSpace(cell)
	for _, pair := range []struct{ left, right string }{{"(", ")"}, {"（", "）"}, {"<", ">"}, {"[", "]"}} {
		inner, ok := strings.CutSuffix(text, pair.right)
		at := strings.LastIndex(inner, pair.left)
		if !ok || at < 0 {
			continue
		}
		if id := strings.TrimSpace(inner[at+len(pair.left):]); isLogin(id) {
			return strings.TrimSpace(inner[:at]), id
		}
	}
	if isEmail(text) {
		return "", text
	}
	return text, ""
}

func isLogin(text string) bool {
	return text != "" && strings.IndexFunc(text, func(r rune) bool {
		return r >= 0x80 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-+%'@", r)
	}) < 0
}

func isEmail(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	return ok && isLogin(text) && local != "" && domain != "" && !strings.Contains(domain, "@")
}
