package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"

	"github.com/google/uuid"
)

// reply is the stored first answer to an Idempotency-Key.
type reply struct {
	Request string          `json:"request"` // digest of what was asked for
	Status  int             `json:"status"`
	Body    json.RawMessage `json:"body,omitempty"`
}

// once acts and keeps the answer, or answers as it did when the key came
// first. Refusals are not kept: they did nothing. Published endpoints know no
// such key.
func (c *call) once(rt route) (answer, error) {
	key := c.req.Header.Get("Idempotency-Key")
	honored := key != "" && rt.security() && c.Settings.HonorIdempotencyKeys
	if !honored {
		ans, err := rt.do(c)
		if err == nil {
			err = saveState(c.tx, c.state)
		}
		return ans, err
	}
	if uuid.Validate(key) != nil {
		return answer{}, errInvalid("Idempotency-Key %q is not a UUID", key)
	}
	digest := c.digest()
	var first reply
	if found, err := getJSON(c.tx, bucketReplies, key, &first); err != nil || found {
		return first.again(digest, err)
	}
	ans, err := rt.do(c)
	if err != nil {
		return ans, err
	}
	first = reply{Request: digest, Status: ans.status}
	if ans.body != nil {
		if first.Body, err = json.Marshal(ans.body); err != nil {
			return ans, err
		}
	}
	if err := putJSON(c.tx, bucketReplies, key, first); err != nil {
		return ans, err
	}
	return ans, saveState(c.tx, c.state)
}

// again is the answer to a repeated request.
func (r *reply) again(digest string, err error) (answer, error) {
	switch {
	case err != nil:
		return answer{}, err
	case r.Request != digest:
		return answer{}, refuse(http.StatusConflict, "CONFLICT", "the Idempotency-Key was used for another request")
	case r.Body == nil:
		return answer{status: r.Status}, nil
	}
	return answer{status: r.Status, body: r.Body}, nil
}

func (c *call) digest() string {
	sum := sha256.Sum256([]byte(c.req.Method + " " + c.req.URL.EscapedPath() + "\n" + string(c.body)))
	return base64.RawStdEncoding.EncodeToString(sum[:])
}
