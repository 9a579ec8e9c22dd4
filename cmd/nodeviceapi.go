package cmd

import "github.com/worksctl/worksctl/internal/exit"

// noDeviceAPI says that a server has only what NAVER WORKS publishes, and what
// works there: the one place for these words.
func noDeviceAPI(httpStatus int, requestID string) *exit.Error {
	return &exit.Error{
		Exit: exit.Failed, ID: "NO_DEVICE_API", HTTPStatus: httpStatus, RequestID: requestID,
		Message: "this server has no device API (NAVER WORKS publishes none)",
		Hint:    withoutDeviceAPI,
	}
}

// withoutDeviceAPI names what works on a server without device API.
const withoutDeviceAPI = "worksctl devices list --from FILE reads the console's download; notify --via bot, members and audit download work too"
