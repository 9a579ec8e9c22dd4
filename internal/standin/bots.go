package standin

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	mostPlain   = 2000 // characters of a text
	mostText    = 1000 // and of one with buttons
	mostActions = 10
	mostLabel   = 20
)

func (c *call) sendMessage() error {
	id, err := strconv.ParseInt(c.r.PathValue("botId"), 10, 64)
	if err != nil {
		return invalid("botId")
	}
	bot := slices.IndexFunc(c.o.Bots, func(b Bot) bool { return b.ID == id })
	if bot < 0 {
		return notThere("BOT_NOT_EXIST", "the bot does not exist")
	}
	text, err := c.content()
	if err != nil {
		return err
	}
	m, err := c.member(false)
	switch {
	case err != nil:
		return err
	case slices.Contains(c.o.Bots[bot].Outside, m.UserID) || m.IsSuspended || m.IsPending || m.IsAwaiting || m.IsDeleted:
		return forbidden("the bot is not open to this member")
	}
	c.done("message", m)
	c.log.Messages[m.UserID] = append(c.log.Messages[m.UserID], text)
	c.w.WriteHeader(http.StatusCreated)
	return nil
}

// content reads the body strictly and returns the content as it came.
func (c *call) content() (string, error) {
	if !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/json") {
		return "", notAllowed("a body of JSON is needed")
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, 64<<10))
	if err != nil {
		return "", notAllowed("the body can't be read")
	}
	var message struct {
		Content json.RawMessage `json:"content"`
	}
	if err := exactly(body, &message); err != nil || !utf8.Valid(body) {
		return "", invalid("content")
	}
	var kind struct {
		Type string `json:"type"`
	}
	_ = json.Unmarshal(message.Content, &kind) // what it can't be read as is no known type
	switch kind.Type {
	case "text":
		return string(message.Content), checkText(message.Content)
	case "button_template":
		return string(message.Content), checkButtons(message.Content)
	}
	return "", invalid("content.type")
}

func checkText(content []byte) error {
	var c struct {
		Type, Text string
		I18nTexts  []struct{ Language, Text string } `json:"i18nTexts"`
	}
	if err := exactly(content, &c); err != nil || strings.TrimSpace(c.Text) == "" || utf8.RuneCountInString(c.Text) > mostPlain {
		return invalid("content.text")
	}
	for _, t := range c.I18nTexts {
		if !translated(t.Language, t.Text, mostPlain) {
			return invalid("content.i18nTexts")
		}
	}
	return nil
}

// translated reports whether a text in a language is one that a bot may send.
func translated(language, text string, most int) bool {
	return slices.Contains([]string{"ko_KR", "ja_JP", "zh_CN", "zh_TW", "en_US"}, language) &&
		text != "" && utf8.RuneCountInString(text) <= most
}

func checkButtons(content []byte) error {
	var c struct {
		Type        string
		ContentText string `json:"contentText"`
		Texts       []struct {
			Language    string
			ContentText string `json:"contentText"`
		} `json:"i18nContentTexts"`
		Actions []struct {
			Type, Label, URI string
			Labels           []struct{ Language, Label string } `json:"i18nLabels"`
		}
	}
	if err := exactly(content, &c); err != nil {
		return invalid("content")
	}
	if n := utf8.RuneCountInString(c.ContentText); n == 0 || n > mostText {
		return invalid("content.contentText")
	}
	for _, t := range c.Texts {
		if !translated(t.Language, t.ContentText, mostText) {
			return invalid("content.i18nContentTexts")
		}
	}
	if n := len(c.Actions); n == 0 || n > mostActions {
		return invalid("content.actions")
	}
	for _, a := range c.Actions {
		u, err := url.Parse(a.URI)
		if a.Type != "uri" || a.Label == "" || utf8.RuneCountInString(a.Label) > mostLabel || err != nil || u.Scheme != "https" || u.Host == "" {
			return invalid("content.actions")
		}
		for _, l := range a.Labels {
			if !translated(l.Language, l.Label, mostLabel) {
				return invalid("content.actions.i18nLabels")
			}
		}
	}
	return nil
}

// exactly decodes one value without any field that v lacks.
func exactly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more follows")
	}
	return nil
}
