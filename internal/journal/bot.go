package journal

import (
	"time"

	"github.com/worksctl/worksctl/internal/botmessage"
)

// BotNotice is a notice that a bot sends: one message to each member.
type BotNotice struct {
	BotID int64 `json:"botId"`
	// FromFile says that the devices are those of a file, as they stood there: no
	// server is asked about them.
	FromFile bool `json:"fromFile,omitzero"`
	// FileTime is when that file was written; zero where that isn't known.
	FileTime time.Time         `json:"fileTime,omitzero"`
	Message  botmessage.Notice `json:"message"`
}
