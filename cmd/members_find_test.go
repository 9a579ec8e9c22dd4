package cmd_test

import (
	"strings"
	"testing"
	"time"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sandbox"
	"github.com/worksctl/worksctl/internal/standin"
)

// A server that names a member by what would be somebody else's path is not
// believed.
func TestAMemberWhoseIDIsNone(t *testing.T) {
	now, err := time.Parse(time.RFC3339, testNow)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"me", "..", "a/b"} {
		members := standin.Directory(10)
		members[8].UserID = id
		s, err := standin.Start(standin.Options{Now: func() time.Time { return now }, Members: members})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		server := strings.TrimSuffix(s.APIURL(), sandbox.APIPath)
		code, _, said := run(t, server, s.Token(), "members", "sign-out", members[8].Email, "--yes")
		if code != exit.Failed || !strings.Contains(said, "is no user id or e-mail") || strings.Contains(said, "job:") {
			t.Errorf("%q: exit code %d: %s", id, code, said)
		}
	}
}
