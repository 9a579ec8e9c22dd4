package main

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
)

// notices takes update notices, and refuses them beyond a limit.
type notices struct {
	mu          sync.Mutex
	sent, limit int
}

func (n *notices) send(w http.ResponseWriter, r *http.Request) {
	var in struct{ DeviceIDs []string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, `{"code":"BAD_REQUEST"}`, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	n.mu.Lock()
	full := n.sent+len(in.DeviceIDs) > n.limit
	if !full {
		n.sent += len(in.DeviceIDs)
	}
	n.mu.Unlock()
	if full {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"code":"FORBIDDEN","description":"the limit of this server"}`))
		return
	}
	type result struct {
		DeviceID string `json:"deviceId"`
		Status   string `json:"status"`
	}
	out := struct {
		Results []result `json:"results"`
	}{}
	for _, id := range in.DeviceIDs {
		out.Results = append(out.Results, result{id, "SENT"})
	}
	_ = json.NewEncoder(w).Encode(out)
}

// count answers how many devices were notified.
func (n *notices) count(w http.ResponseWriter, _ *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, _ = w.Write(strconv.AppendInt(nil, int64(n.sent), 10))
}

// setLimit lets so many more devices be notified; 0 takes the limit away.
func (n *notices) setLimit(w http.ResponseWriter, r *http.Request) {
	more, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.limit = n.sent + more; more == 0 {
		n.limit = 1 << 62
	}
}
