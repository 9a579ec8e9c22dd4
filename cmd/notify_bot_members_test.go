package cmd

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/job"
	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// Whatever names rows have: each is of one member, those who are written to share
// no name with anybody else, and nobody is known by two ids or two e-mails.
func TestEachRowIsOfOneMember(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"", "", "abc", "def", "ghi", "a@x", "b@x", "C@x", "c@x", "externalKey:1"})
		p := &botPlan{file: &deviceFile{roll: newRoll()}}
		for range rapid.IntRange(1, 8).Draw(t, "rows") {
			d := api.Device{Model: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "model")}
			d.User = api.User{UserID: name.Draw(t, "id"), Email: name.Filter(func(s string) bool { return s == "" || strings.Contains(s, "@") }).Draw(t, "email")}
			if err := p.add(t.Context(), &d, journal.Outcome{}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range p.items {
			p.file.roll.add(&p.items[i].Device)
		}
		took := map[string]*listed{} // by name
		for _, m := range p.gather(p.file.roll) {
			ids, mails := map[string]bool{}, map[string]bool{}
			for _, it := range m.items {
				id, mail := job.MemberNames(it.Device.User)
				if mail != "" {
					mails[mail] = true
				}
				if id != "" && id != mail {
					ids[id] = true
				}
				for _, name := range []string{id, mail} {
					if other := took[name]; name != "" && other != nil && other != m {
						t.Fatalf("%q is two members", name)
					}
					took[name] = m
				}
				if key := job.MemberKey(it.Device.User); key != job.MemberKey(m.items[0].Device.User) {
					t.Fatalf("%q gets two messages", key)
				}
			}
			if len(ids) > 1 || len(mails) > 1 {
				t.Fatalf("one message to %v, %v", ids, mails)
			}
		}
		for _, it := range p.lost {
			if id, mail := job.MemberNames(it.Device.User); it.Code == "MEMBER_UNCLEAR" && (took[id] != nil && id != "" || took[mail] != nil && mail != "") {
				t.Fatalf("%q, %q is refused and written to", id, mail)
			}
		}
	})
}
