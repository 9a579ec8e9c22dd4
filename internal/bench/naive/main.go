// Command naive is the yardstick of an export: the loop that one writes
// first, with encoding/json, encoding/csv and net/http.
//
//	naive BASE_URL FILE
package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strconv"
)

type page struct {
	Devices []struct {
		DeviceID     string  `json:"deviceId"`
		DomainID     int     `json:"domainId"`
		Type         string  `json:"type"`
		Model        string  `json:"model"`
		VendorID     *string `json:"vendorId"`
		SerialNumber *string `json:"serialNumber"`
		User         struct {
			UserID   string `json:"userId"`
			Email    string `json:"email"`
			UserName string `json:"userName"`
		} `json:"user"`
		OS struct {
			Type    string `json:"type"`
			Version string `json:"version"`
		} `json:"os"`
		App struct {
			Type    string `json:"type"`
			Version string `json:"version"`
		} `json:"app"`
		MDM struct {
			Status   string `json:"status"`
			Provider string `json:"provider"`
		} `json:"mdm"`
		LastAccessTime string `json:"lastAccessTime"`
	} `json:"devices"`
	ResponseMetaData struct {
		NextCursor string `json:"nextCursor"`
	} `json:"responseMetaData"`
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(base, name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	if err := w.Write([]string{"device_id", "domain_id", "type", "model", "vendor_id", "serial_number", "user_id", "user_name",
		"user_email", "os", "os_version", "app", "app_version", "mdm_status", "mdm_provider", "last_access"}); err != nil {
		return err
	}
	for cursor := ""; ; {
		p, err := get(base + "/security/devices?count=1000&cursor=" + url.QueryEscape(cursor))
		if err != nil {
			return err
		}
		for _, d := range p.Devices {
			if err := w.Write([]string{d.DeviceID, strconv.Itoa(d.DomainID), d.Type, d.Model, text(d.VendorID), text(d.SerialNumber),
				d.User.UserID, d.User.UserName, d.User.Email, d.OS.Type, d.OS.Version, d.App.Type, d.App.Version,
				d.MDM.Status, d.MDM.Provider, d.LastAccessTime}); err != nil {
				return err
			}
		}
		if cursor = p.ResponseMetaData.NextCursor; cursor == "" {
			break
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return f.Close()
}

func get(u string) (page, error) {
	var p page
	resp, err := http.Get(u)
	if err != nil {
		return p, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return p, fmt.Errorf("status %s", resp.Status)
	}
	return p, json.NewDecoder(resp.Body).Decode(&p)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
