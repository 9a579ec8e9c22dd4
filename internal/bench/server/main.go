// Command server serves pre-rendered pages of 1,000 devices on a loopback
// port, prints its base URL and runs until it is killed:
//
//	server DEVICES
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/worksctl/worksctl/internal/sandbox/seed"
)

const pageSize = 1000

func main() {
	log.SetFlags(0)
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	if err := serve(n); err != nil {
		log.Fatal(err)
	}
}

func serve(n int) error {
	pages, err := render(n)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1.0/security/devices", func(w http.ResponseWriter, r *http.Request) {
		page, err := pageOf(r.URL.Query().Get("cursor"))
		if err != nil || page >= len(pages) {
			http.Error(w, `{"code":"INVALID_PARAMETER"}`, http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(pages[page])))
		_, _ = w.Write(pages[page])
	})
	told := &notices{limit: math.MaxInt}
	mux.HandleFunc("POST /v1.0/security/devices/update-notifications", told.send)
	mux.HandleFunc("GET /notices", told.count)
	mux.HandleFunc("POST /limit/{n}", told.setLimit)
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/v1.0\n", listener.Addr())
	return http.Serve(listener, mux)
}

// A cursor looks like a real one: base64 with characters that a URL must escape.
func cursorOf(page int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "\xfb\xff\xfepage:%d", page))
}

func pageOf(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return 0, err
	}
	var page int
	_, err = fmt.Sscanf(string(raw[3:]), "page:%d", &page)
	return page, err
}

func render(n int) ([][]byte, error) {
	now := time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)
	zone := time.FixedZone("", 9*60*60)
	rows := make([]any, 0, pageSize)
	var pages [][]byte
	flush := func(last bool) error {
		meta := map[string]any{}
		if !last {
			meta["nextCursor"] = cursorOf(len(pages) + 1)
		}
		body, err := json.Marshal(page{Devices: rows, ResponseMetaData: meta})
		pages, rows = append(pages, body), rows[:0]
		return err
	}
	i := 0
	for d := range seed.Generate(seed.Options{Devices: n, Now: now}) {
		rows = append(rows, wire(d, zone))
		if i++; i == n || len(rows) == pageSize {
			if err := flush(i == n); err != nil {
				return nil, err
			}
		}
	}
	return slices.Clip(pages), nil
}

type page struct {
	Devices          []any          `json:"devices"`
	ResponseMetaData map[string]any `json:"responseMetaData"`
}

// wire is a device as the contract sends it. The Vendor ID and the serial are
// sent for every device: the longer form is the harder one to read.
func wire(d seed.Device, zone *time.Location) any {
	type object = map[string]any
	return struct {
		DeviceID       string `json:"deviceId"`
		DomainID       int32  `json:"domainId"`
		Type           string `json:"type"`
		Model          string `json:"model"`
		VendorID       string `json:"vendorId"`
		SerialNumber   string `json:"serialNumber"`
		User           object `json:"user"`
		OS             object `json:"os"`
		App            object `json:"app"`
		MDM            object `json:"mdm"`
		LastAccessTime string `json:"lastAccessTime"`
	}{
		d.DeviceID, d.DomainID, d.Type, d.Model, d.VendorID, d.SerialNumber,
		object{"userId": d.UserID, "email": d.UserEmail, "userName": d.UserName},
		object{"type": d.OSType, "version": d.OSVersion},
		object{"type": d.AppType, "version": d.AppVersion},
		object{"status": d.MDMStatus, "provider": d.MDMProvider},
		d.LastAccess.In(zone).Format(time.RFC3339),
	}
}
