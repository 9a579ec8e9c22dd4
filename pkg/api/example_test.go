package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/worksctl/worksctl/pkg/api"
)

// List the phones whose app is 4.2 or older, from any server that speaks the
// contract.
func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"devices":[
			{"deviceId":"5e0c2f8e","model":"iPhone 15 Pro","user":{"userName":"홍길동"},"app":{"type":"WORKS_MOBILE","version":"4.1.9"}},
			{"deviceId":"77ab01c2","model":"Galaxy S24","user":{"userName":"山田太郎"},"app":{"type":"WORKS_MOBILE","version":"4.2.0"}}]}`)
	}))
	defer server.Close()

	client, err := api.New(api.Options{
		BaseURL: server.URL, // https://www.worksapis.com/v1.0 or your gateway
		Tokens:  api.StaticToken(api.NewSecret("an access token")),
		Now:     time.Now,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	query := api.DeviceQuery{Type: api.TypeMobile, AppType: api.AppWorksMobile, AppVersionMax: "4.2"}
	for device, err := range client.Devices.All(context.Background(), query, nil) {
		switch {
		case errors.Is(err, api.ErrNoDeviceAPI):
			fmt.Println("this server has no device API")
			return
		case err != nil:
			fmt.Println("the list is not whole:", err)
			return
		}
		fmt.Println(device.DeviceID, device.User.UserName, device.Model, device.App.Version)
	}
	// Output:
	// 5e0c2f8e 홍길동 iPhone 15 Pro 4.1.9
	// 77ab01c2 山田太郎 Galaxy S24 4.2.0
}

// Wipe a phone. When the outcome is unknown, ask before sending again.
func ExampleCommandsService_Wipe() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost { // acts, but its answer is lost
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = io.WriteString(w, `{"deviceCommands":[{"commandId":"c-1","status":"REQUESTED"}]}`)
	}))
	defer server.Close()
	client, err := api.New(api.Options{BaseURL: server.URL, Tokens: api.StaticToken(api.NewSecret("t")), Now: time.Now})
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx := context.Background()
	key := api.NewIdempotencyKey()
	_, err = client.Commands.Wipe(ctx, "5e0c2f8e", "lost in a taxi", key)
	if _, unknown := errors.AsType[*api.UnknownOutcomeError](err); unknown {
		fmt.Println(err)
		page, err := client.Commands.List(ctx, api.CommandQuery{IdempotencyKey: key}, "")
		fmt.Println(page.Items[0].CommandID, page.Items[0].Status, err)
	}
	// Output:
	// wipe device: outcome unknown: 502 Bad Gateway
	// c-1 REQUESTED <nil>
}
