package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// decode reads the request's JSON body into v.
func (c *call) decode(v any) error { return badBody(json.Unmarshal(c.body, v)) }

// decodeStrict is decode for the sandbox's own controls, which refuse members
// that they don't know: a misspelled one would do nothing, in silence.
func (c *call) decodeStrict(v any) error {
	dec := json.NewDecoder(bytes.NewReader(c.body))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		if _, err = dec.Token(); err == nil {
			err = errors.New("something follows the object")
		} else if errors.Is(err, io.EOF) {
			return nil
		}
	}
	return badBody(err)
}

// badBody says what is wrong with a body without the names of Go's types.
func badBody(err error) error {
	if err == nil {
		return nil
	}
	text := strings.TrimPrefix(err.Error(), "json: ")
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		text = "wrong kind of value: " + e.Value
		if e.Field != "" {
			text = e.Field + ": " + text
		}
	}
	return refuse(http.StatusBadRequest, "BAD_REQUEST", "the body is not the JSON object that is expected here: %s", text)
}

// textOrNumber is a JSON string, or a JSON number as it was written.
type textOrNumber string

func (t *textOrNumber) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, (*string)(t))
	}
	return json.Unmarshal(data, (*json.Number)(t))
}
