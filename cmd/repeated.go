package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/worksctl/worksctl/internal/exit"
)

// single is the value of a flag that takes one: the flag parser keeps the last
// of several, and so would turn `--os ios --os android` into half of what was
// asked for. It only notes that; see [refuseRepeatedFlags].
type single struct {
	pflag.Value
	given, repeated bool
}

// Set reads a flag's text. A switch may be repeated as long as it says the
// same: an alias may hold a -q already.
func (s *single) Set(text string) error {
	before := s.String()
	if err := s.Value.Set(text); err != nil {
		return err
	}
	s.repeated = s.repeated || s.given && (s.Type() != "bool" || s.String() != before)
	s.given = true
	return nil
}

// noteRepeatedFlags prepares all flags of c and of the commands below it. Those
// that collect several values, such as --columns, stay as they are.
func noteRepeatedFlags(c *cobra.Command) {
	note := func(f *pflag.Flag) {
		_, list := f.Value.(pflag.SliceValue)
		_, done := f.Value.(*single)
		if !list && !done {
			f.Value = &single{Value: f.Value}
		}
	}
	c.PersistentFlags().VisitAll(note)
	c.Flags().VisitAll(note)
	for _, child := range c.Commands() {
		noteRepeatedFlags(child)
	}
}

// refuseRepeatedFlags names the first flag that was given more than once.
func refuseRepeatedFlags(c *cobra.Command) error {
	var repeated error
	c.Flags().Visit(func(f *pflag.Flag) {
		if s, ok := f.Value.(*single); ok && s.repeated && repeated == nil {
			repeated = exit.Usagef("REPEATED_FLAG", "leave one out, or run the command once for each",
				"--%s was given more than once, and takes one value", f.Name)
		}
	})
	return repeated
}

// sameRows says that rows of a file were left out, since they say nothing new.
func sameRows(n int) string {
	if n == 1 {
		return "1 row of the file is the same as an earlier one, and counts once"
	}
	return fmt.Sprintf("%d rows of the file are the same as earlier ones, and count once", n)
}

// olderRows says that rows of a file were left out, since others have a later
// access of the same device, and names the first of them.
func olderRows(rows []int) string {
	const shown = 5
	if len(rows) == 1 {
		return fmt.Sprintf("row %d of the file is left out: another row has a later access of the same device, member and app", rows[0])
	}
	names := strings.Trim(fmt.Sprint(rows[:min(len(rows), shown)]), "[]")
	text := fmt.Sprintf("%d rows of the file are left out: others have a later access of the same device, member and app: rows %s", len(rows), strings.ReplaceAll(names, " ", ", "))
	if more := len(rows) - shown; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}
