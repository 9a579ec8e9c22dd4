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
	Text    string   // plain: with buttons at most 1,000 characters
	Buttons []Button // none: a plain text
}

// Button opens a link.
type Button struct {
	Label string
	URI   string // https
}

type messageAction struct {
	Type  string `json:"type"`
	Label string `json:"label"`
	URI   string `json:"uri"`
}

func (m Message) content() any {
	if len(m.Buttons) == 0 {
		return struct {
			Type string `json:"type"`
			Text string `json:"text"`
		}{"text", m.Text}
	}
	actions := make([]messageAction, len(m.Buttons))
	for i, b := range m.Buttons {
		actions[i] = messageAction{"uri", b.Label, b.URI}
	}
	return struct {
		Type        string          `json:"type"`
		ContentText string          `json:"contentText"`
		Actions     []messageAction `json:"actions"`
	}{"button_template", m.Text, actions}
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
