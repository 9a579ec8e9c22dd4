package standin

import "net/http"

// authorize is the page where people sign in with a browser. Nobody does here:
// every app is told that it may not.
func (s *Service) authorize(w http.ResponseWriter, _ *http.Request) {
	authError(w, http.StatusBadRequest, "unauthorized_client", "the app can't sign people in")
}
