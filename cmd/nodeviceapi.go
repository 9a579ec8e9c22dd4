package cmd

import "github.com/worksctl/worksctl/internal/exit"

const codeNoDeviceAPI = "NO_DEVICE_API"

// noDeviceAPI says that a server has only what NAVER WORKS publishes, and what
// works there: the one place for these words.
func noDeviceAPI(httpStatus int, requestID string) *exit.Error {
	return &exit.Error{
		Exit: exit.Failed, ID: codeNoDeviceAPI, HTTPStatus: httpStatus, RequestID: requestID,
		Message: "this server has no device API (NAVER WORKS publishes none)",
		Hint:    withoutDeviceAPI,
	}
}

// withoutDeviceAPI names what works on a server without device API.
const withoutDeviceAPI = "for a lost phone: worksctl lost MEMBER, worksctl members sign-out MEMBER, and the admin console, whose clicks lost shows; " +
	"worksctl devices list --from FILE reads the console's download; these work too: " +
	"worksctl notify --via bot --bot-id N --from FILE, worksctl audit download --since YYYY-MM-DD --out FILE"
