package wiretest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// explain turns an error of kin-openapi, which quotes whole schemas, into
// short lines: where, what is wrong, and the value if it is short.
func explain(err error) []string {
	switch err := err.(type) { //nolint:errorlint // the shape of the tree is what is walked here
	case nil:
		return nil
	case openapi3.MultiError:
		var lines []string
		for _, e := range err {
			lines = append(lines, explain(e)...)
		}
		return lines
	case *openapi3filter.RequestError:
		where := "body: "
		if p := err.Parameter; p != nil {
			where = fmt.Sprintf("%s parameter %s: ", p.In, p.Name)
		}
		return prefix(where, err.Reason, err.Err)
	case *openapi3filter.ResponseError:
		return prefix("", err.Reason, err.Err)
	case *openapi3filter.SecurityRequirementsError:
		return []string{err.Errors[0].Error()} // alternatives fail alike
	case *openapi3.SchemaError:
		return explainSchema(err)
	default:
		return []string{err.Error()}
	}
}

// explainSchema looks into the parts of a composed schema, whose errors
// kin-openapi gives as one text.
func explainSchema(err *openapi3.SchemaError) []string {
	where := pointer(err.JSONPointer())
	switch {
	case err.SchemaField == "allOf":
		var lines []string
		for _, part := range schemasOf(err.Schema.AllOf) {
			lines = append(lines, prefix(where, "", visit(part, err.Value))...)
		}
		return lines
	case err.SchemaField == "oneOf" && !errors.Is(err.Origin, openapi3.ErrOneOfConflict), err.SchemaField == "anyOf":
		var parts []string
		for _, part := range schemasOf(slices.Concat(err.Schema.OneOf, err.Schema.AnyOf)) {
			parts = append(parts, strings.Join(explain(visit(part, err.Value)), ", "))
		}
		return []string{where + "no alternative fits (" + strings.Join(parts, " | ") + ")"}
	case err.SchemaField == "not":
		return []string{where + "ruled out: " + err.Schema.Not.Value.Description}
	default:
		return []string{where + err.Reason + quote(err)}
	}
}

func visit(schema *openapi3.Schema, value any) error {
	return schema.VisitJSON(value, append(schemaOptions(), openapi3.MultiErrors())...)
}

// prefix puts where it happened before each line.
func prefix(where, reason string, cause error) []string {
	if cause == nil {
		if reason == "" {
			return nil
		}
		return []string{where + reason}
	}
	if reason != "" && reason != cause.Error() {
		where += reason + ": "
	}
	lines := explain(cause)
	for i := range lines {
		lines[i] = where + lines[i]
	}
	return lines
}

// pointer names a place in a value; the rows of an array are one place, so that
// the same fault in each row is reported once.
func pointer(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	var b strings.Builder
	for _, p := range parts {
		if _, err := strconv.Atoi(p); err == nil {
			p = "*"
		}
		b.WriteString("/" + p)
	}
	return b.String() + ": "
}

func quote(err *openapi3.SchemaError) string {
	switch v := err.Value.(type) {
	case string, float64, bool:
		if text := fmt.Sprintf(", got %#v", v); len(text) < 80 {
			return text
		}
	}
	return ""
}
