package api

import (
	"context"
	"fmt"
	"net/http"
)

// MaxNotify is how many devices one update notification takes (R10).
const MaxNotify = 100

// NotificationsService sends update notifications: worksctl's own contract, not
// published by NAVER WORKS. Scope security.device.
type NotificationsService struct{ c *Client }

// NotificationStatus says what became of one device's notification.
type NotificationStatus string

// The statuses of the contract.
const (
	NotificationSent   NotificationStatus = "SENT"
	NotificationFailed NotificationStatus = "FAILED"
)

// NotificationResult is the outcome for one device.
type NotificationResult struct {
	DeviceID    string             `json:"deviceId"`
	Status      NotificationStatus `json:"status"`
	Code        string             `json:"code"`        // of a failure, for example DEVICE_NOT_EXIST
	Description string             `json:"description"` // likewise
}

// Notification asks the members who use devices to update the app.
type Notification struct {
	DomainID  int32      `json:"domainId"`
	Type      DeviceType `json:"type"`      // the list that all devices belong to (R11)
	DeviceIDs []string   `json:"deviceIds"` // 1 to [MaxNotify]
}

// Send posts to /security/devices/update-notifications and returns a result for
// each device. key is the request's Idempotency-Key.
//
// Errors: [ErrInvalidParameter] when an id is malformed or of another list: the
// whole request is refused and nothing sent; [ErrLimitExceeded];
// [*ArgumentError] without a request for a wrong number of devices. After an
// [*UnknownOutcomeError] the members may have been notified, and no endpoint
// tells.
func (s *NotificationsService) Send(ctx context.Context, n Notification, key string) ([]NotificationResult, error) {
	const op = "send update notification"
	if len(n.DeviceIDs) == 0 || len(n.DeviceIDs) > MaxNotify {
		return nil, &ArgumentError{op, "deviceIds", fmt.Sprintf("must be 1 to %d, not %d", MaxNotify, len(n.DeviceIDs))}
	}
	var out struct {
		Results *[]NotificationResult `json:"results"`
	}
	err := s.c.decode(ctx, call{
		op: op, method: http.MethodPost, template: "/security/devices/update-notifications", body: n, key: key,
		lacks: func() string { return lacking("results", out.Results == nil) },
	}, &out)
	if err != nil {
		return nil, err
	}
	return *out.Results, nil
}
