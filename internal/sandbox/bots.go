package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"
)

// message is what a bot may send here: a text, or a text with buttons.
type message struct {
	Content struct {
		Type             string        `json:"type"`
		Text             string        `json:"text"`
		I18nTexts        []translation `json:"i18nTexts"`
		ContentText      string        `json:"contentText"`
		I18nContentTexts []translation `json:"i18nContentTexts"`
		Actions          []struct {
			Type       string        `json:"type"`
			Label      string        `json:"label"`
			I18nLabels []translation `json:"i18nLabels"`
			URI        string        `json:"uri"`
		} `json:"actions"`
	} `json:"content"`
}

// translation is a text in another language; its field is called as the text is.
type translation struct {
	Language    string `json:"language"`
	Text        string `json:"text"`
	ContentText string `json:"contentText"`
	Label       string `json:"label"`
}

func (m *message) checkTranslations(most int) error {
	all := slices.Concat(m.Content.I18nTexts, m.Content.I18nContentTexts)
	for _, a := range m.Content.Actions {
		all = append(all, a.I18nLabels...)
	}
	for _, t := range all {
		if !slices.Contains([]string{"ko_KR", "ja_JP", "zh_CN", "zh_TW", "en_US"}, t.Language) {
			return errInvalid("language %q: use ko_KR, ja_JP, zh_CN, zh_TW or en_US", t.Language)
		}
		if err := checkText("a text in "+t.Language, t.Text+t.ContentText+t.Label, most); err != nil {
			return err
		}
	}
	return nil
}

func (m *message) check() error {
	switch m.Content.Type {
	case "text":
		if err := checkText("text", m.Content.Text, 2000); err != nil {
			return err
		}
		return m.checkTranslations(2000)
	case "button_template":
		if err := checkText("contentText", m.Content.ContentText, 1000); err != nil {
			return err
		}
		if n := len(m.Content.Actions); n < 1 || n > 10 {
			return errInvalid("actions: 1 to 10 are needed, %d came", n)
		}
		for _, a := range m.Content.Actions {
			if u, err := url.Parse(a.URI); a.Type != "uri" || a.Label == "" || err != nil || !u.IsAbs() || u.Host == "" {
				return errInvalid("actions: each needs type uri, a label and a whole uri")
			}
		}
		return m.checkTranslations(1000)
	}
	return errInvalid("content.type %q: use text or button_template", m.Content.Type)
}

func checkText(name, text string, most int) error {
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return errMissing(name)
	case n > most:
		return refuse(http.StatusBadRequest, "LIMIT_EXCEEDED", "%s has %d characters: at most %d", name, n, most)
	}
	return nil
}

func sendMessage(c *call) (answer, error) {
	if id, err := strconv.ParseInt(c.req.PathValue("botId"), 10, 64); err != nil || id < 1 {
		return answer{}, errInvalid("botId %q is not a number", c.req.PathValue("botId"))
	}
	var in message
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if err := in.check(); err != nil {
		return answer{}, err
	}
	if name := c.req.PathValue("userId"); len(name) > len(externalPrefix) && name[:len(externalPrefix)] == externalPrefix {
		return answer{}, errInvalid("userId %q: a resource id or login e-mail is needed here", name)
	}
	m, err := c.findMember()
	switch {
	case err != nil:
		return answer{}, err
	case m.IsPending || m.IsSuspended || slices.Contains(c.Settings.BotOutside, m.UserID):
		return answer{}, errForbidden("the bot is not open to this member")
	}
	return answer{status: http.StatusCreated}, c.count("message", m.UserID)
}
