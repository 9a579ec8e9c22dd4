package credential

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/worksctl/worksctl/internal/atomicfile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/filelock"
	"github.com/worksctl/worksctl/pkg/api"
)

// A change takes well under a second: who waits for another process longer than
// lockLimit waits for one that hangs.
const lockLimit = 10 * time.Second

// maxFileSize is far above three secrets. It keeps a wrong file from filling
// the memory.
const maxFileSize = 1 << 20

// maxTries is how often a person is asked for the passphrase of a file.
const maxTries = 3

// AskPassphrase returns a passphrase of the encrypted files.
type AskPassphrase = func(context.Context, Question) (Passphrase, error)

// Question says what a passphrase is wanted for.
type Question struct {
	Profile string
	New     bool // it is to encrypt a new file, so that a person should type it twice
	Again   bool // the one before was wrong
}

// Passphrase is the answer to a [Question].
type Passphrase struct {
	Text api.Secret
	// From names what gave it, for example a variable. It is empty where a person
	// typed it, who may have mistyped it.
	From string
}

// file keeps the secrets of a profile in a file of its own, encrypted with a
// passphrase by age, so that age can open it too.
type file struct {
	folder string
	ask    AskPassphrase
	work   int // scrypt's factor of new files

	mu         sync.Mutex // one passphrase, one question
	passphrase api.Secret // that opened or made a file; empty before
	opened     map[string]opened
}

// opened is a file that was decrypted: while its bytes are the same, so is what
// it holds, and scrypt need not run again.
type opened struct {
	sealed []byte
	items  map[Item]api.Secret
}

// NewFile returns the store of encrypted files, FOLDER/PROFILE.age with mode
// 0600; the folder is made with 0700 on first use. passphrase is asked once in
// the life of the store, and again only where what it gave was wrong: a person
// has three tries. A wrong passphrase fails with [ErrPassphrase] and a file that
// can't be what this store has written with [ErrDamaged]; both have exit code 3.
// Deleting everything needs no passphrase. Of two processes that change a
// profile one waits for the other.
func NewFile(folder string, passphrase AskPassphrase) Store {
	return newFile(folder, passphrase, workFactor)
}

func newFile(folder string, passphrase AskPassphrase, work int) *file {
	return &file{folder: folder, ask: passphrase, work: work, opened: map[string]opened{}}
}

func (f *file) Name() string { return "the encrypted file" }

func (f *file) Get(ctx context.Context, profile string, item Item) (api.Secret, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	items, err := f.load(ctx, profile)
	if err != nil {
		return api.Secret{}, err
	}
	secret, ok := items[item]
	if !ok {
		return api.Secret{}, notFound(f.Name(), profile, item)
	}
	return secret, nil
}

func (f *file) Set(ctx context.Context, profile string, secrets map[Item]api.Secret) error {
	if err := check(profile, secrets); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	// Asked before the lock is taken: a person may take longer than others wait.
	items, err := f.load(ctx, profile)
	if err != nil {
		return err
	}
	if len(items) == 0 && f.passphrase.Reveal() == "" {
		if err := f.choose(ctx, profile); err != nil {
			return err
		}
	}
	return f.change(ctx, profile, func(items map[Item]api.Secret) { maps.Copy(items, secrets) })
}

// change writes the file of a profile anew. It needs f.mu and the passphrase.
func (f *file) change(ctx context.Context, profile string, edit func(map[Item]api.Secret)) error {
	unlock, err := f.lock(ctx, profile)
	if err != nil {
		return err
	}
	defer unlock()
	items, err := f.load(ctx, profile) // as it is now
	if err != nil {
		return err
	}
	items = maps.Clone(items)
	if items == nil {
		items = map[Item]api.Secret{}
	}
	edit(items)
	sealed, err := seal(items, f.passphrase, f.work)
	if err != nil {
		return err
	}
	if err := atomicfile.WriteFile(f.path(profile), sealed, 0o600); err != nil {
		return err
	}
	f.opened[profile] = opened{sealed, items}
	return nil
}

func (f *file) Delete(ctx context.Context, profile string, items ...Item) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(items) == 0 {
		return f.remove(ctx, profile)
	}
	kept, err := f.load(ctx, profile)
	there := func(item Item) bool { return kept[item].Reveal() != "" }
	if err != nil || !slices.ContainsFunc(items, there) {
		return err
	}
	return f.change(ctx, profile, func(kept map[Item]api.Secret) {
		maps.DeleteFunc(kept, func(item Item, _ api.Secret) bool { return slices.Contains(items, item) })
	})
}

// remove forgets all of a profile. It needs f.mu.
func (f *file) remove(ctx context.Context, profile string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if _, err := os.Lstat(f.path(profile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	unlock, err := f.lock(ctx, profile)
	if err != nil {
		return err
	}
	defer unlock()
	delete(f.opened, profile)
	if err := os.Remove(f.path(profile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return notWritten(f.path(profile), err)
	}
	return nil
}

// load returns what a profile's file holds, nil where there is none.
func (f *file) load(ctx context.Context, profile string) (map[Item]api.Secret, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	sealed, err := read(f.path(profile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, exit.SignInf("CREDENTIAL_NOT_READ", "", "the credential of profile %s can't be read: %s: %s", profile, f.path(profile), reason(err))
	}
	if known, ok := f.opened[profile]; ok && bytes.Equal(known.sealed, sealed) {
		return known.items, nil
	}
	items, err := f.open(ctx, profile, sealed)
	if err != nil {
		return nil, explainFile(profile, f.path(profile), err)
	}
	f.opened[profile] = opened{sealed, items}
	return items, nil
}

// open tries the passphrase that is known, then asks.
func (f *file) open(ctx context.Context, profile string, sealed []byte) (map[Item]api.Secret, error) {
	wrong := f.passphrase
	if wrong.Reveal() != "" {
		items, err := unseal(sealed, wrong)
		if !errors.Is(err, ErrPassphrase) {
			return items, err
		}
	}
	for try := 1; ; try++ {
		given, err := f.ask(ctx, Question{Profile: profile, Again: try > 1})
		if err != nil {
			return nil, err
		}
		var items map[Item]api.Secret
		err = ErrPassphrase
		if given.Text.Reveal() != wrong.Reveal() {
			items, err = unseal(sealed, given.Text)
		}
		switch {
		case err == nil:
			f.passphrase = given.Text
			return items, nil
		case !errors.Is(err, ErrPassphrase):
			return nil, err
		case given.From != "" || try == maxTries:
			return nil, wrongPassphrase(profile, given.From)
		}
		wrong = given.Text
	}
}

// choose asks for the passphrase of a new file.
func (f *file) choose(ctx context.Context, profile string) error {
	given, err := f.ask(ctx, Question{Profile: profile, New: true})
	if err != nil {
		return err
	}
	if given.Text.Reveal() == "" {
		return exit.SignInf("EMPTY_PASSPHRASE", "", "the passphrase of the encrypted file is empty: give one at the prompt, in WORKSCTL_PASSPHRASE or in WORKSCTL_PASSPHRASE_FILE")
	}
	f.passphrase = given.Text
	return nil
}

// wrongPassphrase has no hint that forgets the credential: most often it is
// the passphrase of another file, or a wrong variable.
func wrongPassphrase(profile, from string) error {
	source, hint := "", ""
	if from != "" {
		source, hint = " (it is from "+from+")", "check "+from
	}
	return refuse("WRONG_PASSPHRASE", hint, ErrPassphrase, nil,
		"the credential of profile %s can't be opened: the passphrase is wrong%s; if it is lost, so is the credential", profile, source)
}

func explainFile(profile, path string, err error) error {
	if !errors.Is(err, ErrDamaged) {
		return err
	}
	return refuse("CREDENTIAL_DAMAGED", "", ErrDamaged, nil,
		"the credential of profile %s is damaged: put a copy of %s back; if there is none, the credential is lost", profile, path)
}

// lock takes the lock of a profile, a file beside the encrypted one, which every
// change replaces. It stays, since removing it would let two hold it.
func (f *file) lock(ctx context.Context, profile string) (unlock func(), err error) {
	if err := makeFolder(f.folder); err != nil {
		return nil, err
	}
	path := filepath.Join(f.folder, fileName(profile)+".lock")
	unlock, err = filelock.Take(ctx, path, lockLimit)
	switch {
	case ctx.Err() != nil && err != nil:
		return nil, err
	case errors.Is(err, filelock.ErrBusy):
		return nil, exit.Failedf("CREDENTIAL_BUSY", "", "another process has been changing the credential of profile %s for %s: try again when that has ended", profile, lockLimit)
	case err != nil:
		return nil, notWritten(path, err)
	}
	return unlock, nil
}

func (f *file) path(profile string) string { return filepath.Join(f.folder, fileName(profile)+".age") }
