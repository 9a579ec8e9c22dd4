package credential

// NewQuickFile is a store of encrypted files whose passphrase is quick to
// guess, and so quick to test.
func NewQuickFile(folder string, passphrase AskPassphrase) Store {
	return newFile(folder, passphrase, 1)
}

// FileName is the name of a profile's file without its ending.
func FileName(profile string) string { return fileName(profile) }
