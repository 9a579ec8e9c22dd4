package cmd

import (
	"strings"
	"time"
)

// shownText is a text for stdout that is a time as received or names some: local
// and to the minute on a terminal, unchanged elsewhere.
func (app *App) shownText(text string) string {
	if app.Term.OutTTY {
		return app.localTimes(text)
	}
	return text
}

// localTimes makes the times in a text those that a person's clock shows.
func (app *App) localTimes(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		bare := strings.TrimRight(word, ",;:)")
		if t, err := time.Parse(time.RFC3339, bare); err == nil {
			words[i] = t.In(app.Location).Format("2006-01-02 15:04") + word[len(bare):]
		}
	}
	return strings.Join(words, " ")
}
