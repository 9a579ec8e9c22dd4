package credential_test

import (
	"testing"

	"github.com/worksctl/worksctl/internal/credential"
	"github.com/worksctl/worksctl/internal/credential/credentialtest"
)

func TestMemory(t *testing.T) {
	credentialtest.Contract(t, func(*testing.T) (a, b credential.Store) {
		s := credential.NewMemory()
		return s, s
	})
}
