// Package house holds the rules of the repository as tests: which package may
// import which and where each library lives, what no package may have, that
// every file can be read in one go, and that what the documentation says is
// run and true.
package house
