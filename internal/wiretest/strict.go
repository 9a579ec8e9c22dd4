package wiretest

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
)

// schemaOptions checks the formats that kin-openapi takes for comments. The
// document's date-time is RFC 3339 as Go reads it.
func schemaOptions() []openapi3.SchemaValidationOption {
	return []openapi3.SchemaValidationOption{
		openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
			"uuid": openapi3.NewCallbackValidator(uuid.Validate),
			"date-time": openapi3.NewCallbackValidator(func(s string) error {
				_, err := time.Parse(time.RFC3339, s)
				return err
			}),
			"uri": openapi3.NewCallbackValidator(func(s string) error {
				if u, err := url.Parse(s); err != nil || !u.IsAbs() {
					return fmt.Errorf("%q is no absolute address", s)
				}
				return nil
			}),
		}),
	}
}

// checkJSON finds what kin-openapi lets pass in a JSON body: properties that the
// document doesn't have, repeated ones, bad UTF-8, and anything after the value.
func checkJSON(content openapi3.Content, contentType string, body []byte) []string {
	media := content.Get(contentType)
	if media == nil || media.Schema == nil || !strings.HasPrefix(contentType, "application/json") {
		return nil
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return []string{"body: " + err.Error()}
	}
	return undeclared("body", value, []*openapi3.Schema{media.Schema.Value})
}

// checkForm does the same for a form.
func checkForm(content openapi3.Content, contentType string, body []byte) (problems []string) {
	media := content.Get(contentType)
	values, err := url.ParseQuery(string(body))
	if err != nil || media == nil {
		return nil // reported by kin-openapi
	}
	form := make(map[string]any, len(values))
	for name, v := range values {
		form[name] = v[0]
		if len(v) > 1 {
			problems = append(problems, fmt.Sprintf("body: %s is repeated", name))
		}
	}
	return append(problems, undeclared("body", form, []*openapi3.Schema{media.Schema.Value})...)
}

// undeclared names the properties in value that none of its schemas declares. The
// document itself leaves objects open, since a reader ignores what it doesn't know.
func undeclared(path string, value any, schemas []*openapi3.Schema) (problems []string) {
	switch value := value.(type) {
	case []any:
		var items []*openapi3.Schema
		for _, s := range applying(value, schemas) {
			if s.Items != nil {
				items = append(items, s.Items.Value)
			}
		}
		for _, item := range value {
			problems = append(problems, undeclared(path+"[]", item, items)...)
		}
	case map[string]any:
		declared := make(map[string][]*openapi3.Schema)
		for _, s := range applying(value, schemas) {
			for name, property := range s.Properties {
				declared[name] = append(declared[name], property.Value)
			}
		}
		if len(declared) == 0 {
			return nil
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if properties, ok := declared[name]; ok {
				problems = append(problems, undeclared(path+"."+name, value[name], properties)...)
			} else {
				problems = append(problems, fmt.Sprintf("%s.%s is not in the contract", path, name))
			}
		}
	}
	return problems
}

// applying returns the schemas and, of their alternatives, those that value
// meets; if it meets none, all, because that is reported elsewhere.
func applying(value any, schemas []*openapi3.Schema) (all []*openapi3.Schema) {
	for _, s := range schemas {
		all = append(all, s)
		all = append(all, applying(value, schemasOf(s.AllOf))...)
		for _, alternatives := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
			branches := schemasOf(alternatives)
			met := slices.DeleteFunc(slices.Clone(branches), func(b *openapi3.Schema) bool {
				return b.VisitJSON(value, schemaOptions()...) != nil
			})
			if len(met) == 0 {
				met = branches
			}
			all = append(all, applying(value, met)...)
		}
	}
	return all
}

func schemasOf(refs openapi3.SchemaRefs) (schemas []*openapi3.Schema) {
	for _, ref := range refs {
		schemas = append(schemas, ref.Value)
	}
	return schemas
}

func wantsJSON(r *openapi3.Response) bool { return r.Content["application/json"] != nil }

func isJSON(body []byte) bool {
	var value any
	return json.Unmarshal(body, &value) == nil
}
