package wiretest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
)

func document(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// operations calls f for each operation, in the order of paths and methods.
func operations(doc *openapi3.T, f func(method, path string, item *openapi3.PathItem, op *openapi3.Operation)) {
	paths := doc.Paths.Map()
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		ops := paths[path].Operations()
		for _, method := range slices.Sorted(maps.Keys(ops)) {
			f(method, path, paths[path], ops[method])
		}
	}
}

func TestDocumentIsValid(t *testing.T) {
	if err := document(t).Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Error(err)
	}
}

// Every body has an example, and no example has a property that its schema
// lacks or a value that it forbids.
func TestExamplesFollowTheirSchemas(t *testing.T) {
	check := func(where string, content openapi3.Content) {
		for mime, media := range content {
			examples := map[string]any{}
			if media.Example != nil {
				examples["example"] = media.Example
			}
			for name, ref := range media.Examples {
				examples[name] = ref.Value.Value
			}
			if len(examples) == 0 {
				t.Errorf("%s %s: no example", where, mime)
			}
			if media.Schema == nil { // a page for people
				continue
			}
			for name, value := range examples {
				if err := media.Schema.Value.VisitJSON(value, schemaOptions()...); err != nil {
					t.Errorf("%s: %s: %v", where, name, explain(err))
				}
				for _, problem := range undeclared("body", value, []*openapi3.Schema{media.Schema.Value}) {
					t.Errorf("%s: %s: %s", where, name, problem)
				}
			}
		}
	}
	operations(document(t), func(method, path string, _ *openapi3.PathItem, op *openapi3.Operation) {
		if op.RequestBody != nil {
			check(method+" "+path+" request", op.RequestBody.Value.Content)
		}
		for status, response := range op.Responses.Map() {
			check(method+" "+path+" "+status, response.Value.Content)
		}
	})
}

// Examples of parameters, headers and properties too are what they stand for.
func TestSmallExamplesFollowTheirSchemas(t *testing.T) {
	doc := document(t)
	check := func(where string, example any, schema *openapi3.SchemaRef) {
		if example == nil {
			return
		}
		if err := schema.Value.VisitJSON(example, schemaOptions()...); err != nil {
			t.Errorf("%s: %v", where, explain(err))
		}
	}
	for name, schema := range doc.Components.Schemas {
		check(name, schema.Value.Example, schema)
		for property, s := range schema.Value.Properties {
			check(name+"."+property, s.Value.Example, s)
		}
	}
	operations(doc, func(method, path string, item *openapi3.PathItem, op *openapi3.Operation) {
		for _, p := range slices.Concat(item.Parameters, op.Parameters) {
			check(method+" "+path+" "+p.Value.Name, p.Value.Example, p.Value.Schema)
		}
		for status, response := range op.Responses.Map() {
			for name, header := range response.Value.Headers {
				check(method+" "+path+" "+status+" "+name, header.Value.Example, header.Value.Schema)
			}
		}
	})
}

// A reader of the document sees with each operation whose it is.
func TestOperationsSayWhoseTheyAre(t *testing.T) {
	operations(document(t), func(method, path string, _ *openapi3.PathItem, op *openapi3.Operation) {
		published, ok := op.Extensions["x-published"].(bool)
		if !ok {
			t.Errorf("%s %s: no x-published", method, path)
			return
		}
		sentence, tag := "worksctl's own contract: NAVER WORKS publishes no such endpoint.", "worksctl: "
		if published {
			sentence, tag = "Published NAVER WORKS endpoint.", "NAVER WORKS: "
		}
		if !strings.HasPrefix(op.Description, sentence) {
			t.Errorf("%s %s: the description does not begin with %q", method, path, sentence)
		}
		if len(op.Tags) != 1 || !strings.HasPrefix(op.Tags[0], tag) {
			t.Errorf("%s %s: tags %q, want one that begins with %q", method, path, op.Tags, tag)
		}
		if strings.HasPrefix(path, "/security/") == published {
			t.Errorf("%s %s: x-published: %t", method, path, published)
		}
	})
}

// Every POST to the API acts, needs the key and the scope to act; no GET has either.
func TestActingOperationsTakeAnIdempotencyKey(t *testing.T) {
	operations(document(t), func(method, path string, _ *openapi3.PathItem, op *openapi3.Operation) {
		acts := method == "POST" && path != "/token" && path != "/revoke"
		key := op.Parameters.GetByInAndName(openapi3.ParameterInHeader, "Idempotency-Key")
		if acts != (key != nil && key.Required) {
			t.Errorf("%s %s: acts: %t, Idempotency-Key: %v", method, path, acts, key)
		}
		reads := false
		for _, alternative := range *op.Security {
			_, ok := alternative["oauth2"]
			reads = reads || ok && alternative["oauth2"][0] == "security.device.read"
		}
		if want := method == "GET" && strings.HasPrefix(path, "/security/"); reads != want {
			t.Errorf("%s %s: security.device.read suffices: %t", method, path, reads)
		}
	})
}

// The operations and their statuses are those of the contract.
func TestOperationsAreThoseOfTheContract(t *testing.T) {
	want := []string{
		"GET /audits/logs/download downloadAuditLog 302 400 401 403 429 500 503",
		"GET /authorize authorize 200 302 400",
		"POST /bots/{botId}/users/{userId}/messages sendBotMessage 201 400 401 403 404 429 500 503",
		"POST /revoke revokeToken 200 400 401",
		"GET /security/app-versions listAppVersions 200 400 401 403 404 429 500 503",
		"GET /security/device-commands listDeviceCommands 200 400 401 403 404 429 500 503",
		"GET /security/device-commands/{commandId} getDeviceCommand 200 400 401 403 404 429 500 503",
		"POST /security/device-commands/{commandId}/cancel cancelDeviceCommand 204 400 401 403 404 409 429 500 503",
		"GET /security/devices listDevices 200 400 401 403 404 429 500 503",
		"POST /security/devices/update-notifications sendUpdateNotifications 200 400 401 403 404 409 429 500 503",
		"GET /security/devices/{deviceId} getDevice 200 400 401 403 404 429 500 503",
		"POST /security/devices/{deviceId}/mdm/disable disableDeviceMDM 204 400 401 403 404 409 429 500 503",
		"POST /security/devices/{deviceId}/mdm/enable enableDeviceMDM 202 400 401 403 404 409 429 500 503",
		"POST /security/devices/{deviceId}/reset resetDevice 202 400 401 403 404 409 429 500 503",
		"POST /security/devices/{deviceId}/wipe wipeDevice 202 400 401 403 404 409 429 500 503",
		"GET /security/mdm getTenantMDM 200 400 401 403 404 429 500 503",
		"POST /security/mdm/disable disableTenantMDM 204 400 401 403 404 409 429 500 503",
		"POST /security/mdm/enable enableTenantMDM 204 400 401 403 404 409 429 500 503",
		"POST /token issueToken 200 400 401",
		"GET /users listUsers 200 400 401 403 429 500 503",
		"GET /users/{userId} getUser 200 400 401 403 404 429 500 503",
		"POST /users/{userId}/force-logout forceLogoutUser 202 400 401 403 404 429 500 503",
		"POST /users/{userId}/suspend suspendUser 204 400 401 403 404 429 500 503",
		"POST /users/{userId}/unsuspend unsuspendUser 204 400 401 403 404 429 500 503",
	}
	var got []string
	operations(document(t), func(method, path string, _ *openapi3.PathItem, op *openapi3.Operation) {
		statuses := slices.Sorted(maps.Keys(op.Responses.Map()))
		got = append(got, fmt.Sprintf("%s %s %s %s", method, path, op.OperationID, strings.Join(statuses, " ")))
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
}
