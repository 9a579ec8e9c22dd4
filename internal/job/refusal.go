package job

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/worksctl/worksctl/internal/journal"
	"github.com/worksctl/worksctl/pkg/api"
)

// notExist is the code of an item whose device the back end doesn't know.
const notExist = "DEVICE_NOT_EXIST"

// refusal turns an answer that concerns the one device of a request into the
// outcome of its item; any other error it returns, to end the run.
func refusal(err error) (journal.Outcome, error) {
	e, ok := errors.AsType[*api.Error](err)
	if !ok {
		return journal.Outcome{}, err
	}
	o := journal.Outcome{Status: journal.Failed, Code: e.Code, Detail: e.Description}
	switch {
	case errors.Is(e, api.ErrNotFound):
		o.Code, o.Detail = cmp.Or(e.Code, notExist), "there is no such device"
	case errors.Is(e, api.ErrMDMNotInUse):
		o.Detail = "NAVER WORKS MDM is not in use"
	case errors.Is(e, api.ErrExternalMDM):
		o.Detail = "a third-party MDM is in use"
	case errors.Is(e, api.ErrNotRegistered):
		o.Detail = "the device is not under remote management"
	case e.Status == http.StatusForbidden && e.Code == "ACCESS_DENIED":
		o.Detail = "the back end does not offer this, or not to this credential"
	case errors.Is(e, api.ErrConflict), errors.Is(e, api.ErrInvalidParameter):
	default:
		return journal.Outcome{}, err
	}
	return o, nil
}
