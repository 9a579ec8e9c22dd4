// Package house holds the rules of the repository as tests: which package may
// import which, where each library lives, and what no package may have.
package house
