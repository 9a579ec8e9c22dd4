package wiretest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

var errNoToken = errors.New("no header Authorization: Bearer TOKEN")

// exchange is one request and its answer.
type exchange struct {
	v        *V
	name     string
	input    *openapi3filter.RequestValidationInput // nil: not validated further
	problems []string                               // of the request, kept back until the answer
}

// begin validates a request.
func (v *V) begin(r *http.Request, body []byte) *exchange {
	e := &exchange{v: v, name: r.Method + " " + r.URL.EscapedPath()}
	route, params, err := v.router.FindRoute(r)
	if err != nil {
		if !v.allowsUnknown(r.URL.Path) {
			e.report("request", []string{"not in the contract: " + err.Error()})
		}
		return e
	}
	seen := r.Clone(r.Context())
	seen.Header = canonical(r.Header)
	seen.Body = io.NopCloser(bytes.NewReader(body))
	seen.GetBody = nil
	seen.ContentLength = int64(len(body))
	e.input = &openapi3filter.RequestValidationInput{
		Request: seen, PathParams: params, Route: route, Options: options(),
	}
	problems := explain(openapi3filter.ValidateRequest(r.Context(), e.input))
	problems = append(problems, e.checkQuery()...)
	problems = append(problems, e.checkHeaders()...)
	problems = append(problems, e.checkRequestBody(body)...)
	if v.badRequests {
		e.problems = problems
	} else {
		e.report("request", problems)
	}
	return e
}

// answer validates the answer to the request.
func (e *exchange) answer(status int, header http.Header, body []byte) {
	if e.input == nil {
		return
	}
	what := fmt.Sprintf("answer %d", status)
	if status < http.StatusBadRequest {
		e.report("request, not refused", e.problems)
	}
	response := e.input.Route.Operation.Responses.Status(status)
	switch {
	case e.v.faults && status >= http.StatusInternalServerError:
	case response == nil:
		e.report(what, []string{"status not in the contract"})
	case len(response.Value.Content) == 0:
		// A redirect may carry a line of text for people.
		if len(body) > 0 && status < http.StatusMultipleChoices {
			e.report(what, []string{"a body where the contract has none"})
		}
		e.report(what, e.checkAnswer(status, header, nil))
	case e.v.faults && wantsJSON(response.Value) && !isJSON(body):
	default:
		e.report(what, e.checkAnswer(status, header, body))
	}
}

func (e *exchange) checkAnswer(status int, header http.Header, body []byte) []string {
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: e.input, Status: status, Header: canonical(header), Options: options(),
	}
	input.SetBodyBytes(body)
	problems := explain(openapi3filter.ValidateResponse(e.input.Request.Context(), input))
	content := e.input.Route.Operation.Responses.Status(status).Value.Content
	return append(problems, checkJSON(content, input.Header.Get("Content-Type"), body)...)
}

// checkQuery finds what kin-openapi lets pass: parameters that the document
// doesn't have, and repeated ones.
func (e *exchange) checkQuery() (problems []string) {
	query, err := url.ParseQuery(e.input.Request.URL.RawQuery)
	if err != nil {
		problems = append(problems, "query: "+err.Error())
	}
	for name, values := range query {
		if !slices.ContainsFunc(e.parameters(openapi3.ParameterInQuery), func(p *openapi3.Parameter) bool { return p.Name == name }) {
			problems = append(problems, fmt.Sprintf("query parameter %q is not in the contract", name))
		} else if len(values) > 1 {
			problems = append(problems, fmt.Sprintf("query parameter %q is repeated", name))
		}
	}
	slices.Sort(problems)
	return problems
}

func (e *exchange) checkHeaders() (problems []string) {
	for _, p := range e.parameters(openapi3.ParameterInHeader) {
		if len(e.input.Request.Header.Values(p.Name)) > 1 {
			problems = append(problems, fmt.Sprintf("header %s is repeated", p.Name))
		}
	}
	return problems
}

func (e *exchange) checkRequestBody(body []byte) []string {
	declared := e.input.Route.Operation.RequestBody
	if declared == nil || len(body) == 0 {
		return nil
	}
	contentType := e.input.Request.Header.Get("Content-Type")
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		return checkForm(declared.Value.Content, contentType, body)
	}
	return checkJSON(declared.Value.Content, contentType, body)
}

func (e *exchange) parameters(in string) (found []*openapi3.Parameter) {
	for _, ref := range slices.Concat(e.input.Route.PathItem.Parameters, e.input.Route.Operation.Parameters) {
		if ref.Value.In == in {
			found = append(found, ref.Value)
		}
	}
	return found
}

// report fails the test; a page of a thousand wrong rows is cut to its first
// problems.
func (e *exchange) report(what string, problems []string) {
	const most = 10
	var distinct []string
	for _, p := range problems {
		if !slices.Contains(distinct, p) {
			distinct = append(distinct, p)
		}
	}
	if n := len(distinct); n > most {
		distinct = append(distinct[:most], fmt.Sprintf("and %d more", n-most))
	}
	if len(distinct) > 0 {
		e.v.tb.Errorf("wiretest: %s: %s: %s", e.name, what, strings.Join(distinct, "; "))
	}
}

// canonical brings header names to Go's form: the client sends
// idempotency-key under a name of its own, which net/http doesn't find.
func canonical(h http.Header) http.Header {
	c := make(http.Header, len(h))
	for name, values := range h {
		for _, v := range values {
			c.Add(name, v)
		}
	}
	return c
}

func options() *openapi3filter.Options {
	return &openapi3filter.Options{
		MultiError:                        true,
		SkipSettingDefaults:               true,
		IncludeResponseStatus:             true,
		RejectWhenRequestBodyNotSpecified: true,
		SchemaValidationOptions:           schemaOptions(),
		AuthenticationFunc: func(_ context.Context, input *openapi3filter.AuthenticationInput) error {
			got := input.RequestValidationInput.Request.Header.Get("Authorization")
			if token, ok := strings.CutPrefix(got, "Bearer "); !ok || strings.TrimSpace(token) == "" {
				return errNoToken
			}
			return nil
		},
	}
}
