package credential

import (
	"context"
	"maps"
	"sync"

	"github.com/worksctl/worksctl/pkg/api"
)

// memory keeps secrets as long as the process lives.
type memory struct {
	mu       sync.Mutex
	profiles map[string]map[Item]api.Secret
}

// NewMemory returns a store for tests. It is safe for use by several goroutines.
func NewMemory() Store { return &memory{profiles: map[string]map[Item]api.Secret{}} }

func (m *memory) Name() string { return "the memory" }

func (m *memory) Get(ctx context.Context, profile string, item Item) (api.Secret, error) {
	if ctx.Err() != nil {
		return api.Secret{}, context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	secret, ok := m.profiles[profile][item]
	if !ok {
		return api.Secret{}, notFound(m.Name(), profile, item)
	}
	return secret, nil
}

func (m *memory) Set(ctx context.Context, profile string, secrets map[Item]api.Secret) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := check(profile, secrets); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.profiles[profile] == nil {
		m.profiles[profile] = map[Item]api.Secret{}
	}
	maps.Copy(m.profiles[profile], secrets)
	return nil
}

func (m *memory) Delete(ctx context.Context, profile string, items ...Item) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(items) == 0 {
		items = Items()
	}
	for _, item := range items {
		delete(m.profiles[profile], item)
	}
	return nil
}
