package api

import (
	"context"
	"net/http"
	"strconv"
)

// BotsService sends messages as a bot, by an endpoint that NAVER WORKS
// publishes. Scope bot.message or bot.
type BotsService struct{ c *Client }

// Message is a bot's message: a text, or a text with buttons that open links.
type Message struct {
	Text    string   // at most 1,000 characters with buttons, 2,000 without
	Buttons []Button // none: a plain text
	// Texts are Text in several languages. The service shows a member the one that
	// their app is set to, and Text where there is none.
	Texts []Translation
}

// Translation is a text in one language.
type Translation struct {
	Language string // ko_KR, ja_JP, zh_CN, zh_TW or en_US
	Text     string
}

// Button opens a link.
type Button struct {
	Label string
	URI   string // https
	// Labels are Label in several languages, as Texts are of a [Message].
	Labels []Translation
}

// translations are a list of texts as the service has it: what holds the text is
// called otherwise in each place.
func translations(of []Translation, name string) []map[string]string {
	all := make([]map[string]string, len(of))
	for i, t := range of {
		all[i] = map[string]string{"language": t.Language, name: t.Text}
	}
	return all
}

type messageAction struct {
	Type   string              `json:"type"`
	Label  string              `json:"label"`
	Labels []map[string]string `json:"i18nLabels,omitempty"`
	URI    string              `json:"uri"`
}

func (m Message) content() any {
	if len(m.Buttons) == 0 {
		return struct {
			Type  string              `json:"type"`
			Text  string              `json:"text"`
			Texts []map[string]string `json:"i18nTexts,omitempty"`
		}{"text", m.Text, translations(m.Texts, "text")}
	}
	actions := make([]messageAction, len(m.Buttons))
	for i, b := range m.Buttons {
		actions[i] = messageAction{"uri", b.Label, translations(b.Labels, "label"), b.URI}
	}
	return struct {
		Type         string              `json:"type"`
		ContentText  string              `json:"contentText"`
		ContentTexts []map[string]string `json:"i18nContentTexts,omitempty"`
		Actions      []messageAction     `json:"actions"`
	}{"button_template", m.Text, translations(m.Texts, "contentText"), actions}
}

// SendMessage sends a message to one member: POST
// /bots/{botId}/users/{userId}/messages (published). userID is a resource id or
// a login e-mail, not an external key. A bot that isn't opened to the member is
// [ErrForbidden].
func (s *BotsService) SendMessage(ctx context.Context, botID int64, userID string, m Message, key string) error {
	return s.c.run(ctx, call{
		op: "send bot message", method: http.MethodPost, template: "/bots/{botId}/users/{userId}/messages",
		params: map[string]string{"botId": strconv.FormatInt(botID, 10), "userId": userID}, key: key,
		body: struct {
			Content any `json:"content"`
		}{m.content()},
	})
}
