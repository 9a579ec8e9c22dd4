package devicefile

// Damage is what a spreadsheet surely did to a cell, as far as its looks tell.
func Damage(key, cell string) string { return newLooks().damage(key, cell) }
