package wiretest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// Each operation, asked with each example of the document and answered with
// each of its examples, passes: the validator rules out nothing that the
// document allows.
func TestEveryExampleIsAGoodExchange(t *testing.T) {
	v := Validator(t)
	seen := 0
	operations(v.doc, func(method, path string, item *openapi3.PathItem, op *openapi3.Operation) {
		for requestName, request := range requests(t, method, path, item, op) {
			for status, response := range op.Responses.Map() {
				code, err := strconv.Atoi(status)
				if err != nil {
					t.Fatal(err)
				}
				for answerName, body := range bodies(t, response.Value.Content) {
					seen++
					t.Run(fmt.Sprintf("%s %s %s %s", op.OperationID, requestName, status, answerName), func(t *testing.T) {
						exchangeOnce(t, v.With(t), request, code, response.Value, body)
					})
				}
			}
		}
	})
	if seen < 200 {
		t.Errorf("only %d exchanges", seen)
	}
}

// payload is a body and its media type.
type payload struct{ mime, text string }

func exchangeOnce(t *testing.T, v *V, request func() *http.Request, status int, response *openapi3.Response, body payload) {
	h := v.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, header := range response.Headers {
			w.Header().Set(name, fmt.Sprint(header.Value.Example))
		}
		if body.mime != "" {
			w.Header().Set("Content-Type", body.mime)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body.text))
	}))
	through := v.RoundTripper(roundTripperFunc(func(r *http.Request) (*http.Response, error) {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Result(), nil
	}))
	resp, err := through.RoundTrip(request())
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

type roundTripperFunc func(*http.Request) (*http.Response, error)

func (f roundTripperFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// requests makes the operation's requests from the examples of its parameters,
// one for each example of its body.
func requests(t *testing.T, method, path string, item *openapi3.PathItem, op *openapi3.Operation) map[string]func() *http.Request {
	base := "https://api.example.com/v1.0"
	if len(item.Servers) > 0 {
		base = "https://auth.example.com/oauth2/v2.0"
	}
	query, header := url.Values{}, http.Header{"Authorization": {"Bearer t"}}
	for _, ref := range append(item.Parameters, op.Parameters...) {
		p := ref.Value
		value := exampleOf(t, p)
		switch p.In {
		case openapi3.ParameterInPath:
			path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(value), 1)
		case openapi3.ParameterInQuery:
			query.Set(p.Name, value)
		case openapi3.ParameterInHeader:
			header.Set(p.Name, value)
		}
	}
	var content openapi3.Content
	if op.RequestBody != nil {
		content = op.RequestBody.Value.Content
	}
	made := map[string]func() *http.Request{}
	for name, body := range bodies(t, content) {
		made[name] = func() *http.Request {
			r := httptest.NewRequestWithContext(t.Context(), method, base+path+"?"+query.Encode(), strings.NewReader(body.text))
			r.Header = header.Clone()
			r.Header.Set("Content-Type", body.mime)
			return r
		}
	}
	return made
}

// exampleOf takes a parameter's example, or that of its schema, or its default
// or first value.
func exampleOf(t *testing.T, p *openapi3.Parameter) string {
	s := p.Schema.Value
	switch {
	case p.Example != nil:
		return fmt.Sprintf("%v", number(p.Example))
	case s.Example != nil:
		return fmt.Sprintf("%v", number(s.Example))
	case s.Default != nil:
		return fmt.Sprintf("%v", number(s.Default))
	case len(s.Enum) > 0:
		return fmt.Sprint(s.Enum[0])
	}
	t.Errorf("parameter %s has no example", p.Name)
	return ""
}

// number keeps 10000001 from being printed as 1.0000001e+07.
func number(v any) any {
	if f, ok := v.(float64); ok {
		return int64(f)
	}
	return v
}

// bodies writes out the examples of a body; no content makes one empty body.
func bodies(t *testing.T, content openapi3.Content) map[string]payload {
	if len(content) == 0 {
		return map[string]payload{"empty": {}}
	}
	made := map[string]payload{}
	for mime, media := range content {
		if text, ok := media.Example.(string); ok {
			made["example"] = payload{mime, text}
		}
		for name, ref := range media.Examples {
			text, err := json.Marshal(ref.Value.Value)
			if err != nil {
				t.Fatal(err)
			}
			if fields, ok := ref.Value.Value.(map[string]any); ok && mime == "application/x-www-form-urlencoded" {
				form := url.Values{}
				for field, value := range fields {
					form.Set(field, fmt.Sprint(value))
				}
				text = []byte(form.Encode())
			}
			made[name] = payload{mime, string(text)}
		}
	}
	return made
}
