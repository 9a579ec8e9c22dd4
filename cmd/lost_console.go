package cmd

import (
	"fmt"

	"github.com/worksctl/worksctl/internal/fleet"
)

// consoleStep is what only the admin console can do where there is no device
// API, with the words on its buttons.
type consoleStep struct {
	Action fleet.Action `json:"action"`
	Path   []string     `json:"path"` // clicks, as the English console names them
	Button consoleWords `json:"button"`
	Effect string       `json:"effect"`
}

type consoleWords struct {
	English  string `json:"en"`
	Korean   string `json:"ko"`
	Japanese string `json:"ja"`
}

// consoleSteps are those steps, least harm first. The path is as
// help.worksmobile.com, "Device Status", describes it; its newer pages no longer
// mention the reset.
func consoleSteps() []consoleStep {
	path := func() []string {
		return []string{"Security", "Device Status", "NAVER WORKS Mobile App", "the device's model name"}
	}
	return []consoleStep{
		{fleet.Wipe, path(), consoleWords{"Delete app data", "앱 데이터 삭제", "アプリデータの削除"}, stepText(fleet.Wipe)},
		{fleet.Reset, path(), consoleWords{"Reset device", "기기 초기화", "デバイス初期化"}, stepText(fleet.Reset)},
	}
}

// onlyConsole tells a person what is left to the console, and how to get there.
func onlyConsole() []fleet.Field {
	fields := []fleet.Field{
		{Label: "In the console", Value: "Security > Device Status > NAVER WORKS Mobile App > the model"},
		{Label: "  only for", Value: "devices under NAVER WORKS MDM"},
	}
	for _, s := range consoleSteps() {
		button := fmt.Sprintf("%s (%s, %s)", s.Button.English, s.Button.Korean, s.Button.Japanese)
		fields = append(fields, fleet.Field{Label: "  only there", Value: button}, fleet.Field{Label: "  deletes", Value: consoleEffect(s.Action)})
	}
	return fields
}

func consoleEffect(a fleet.Action) string {
	if a == fleet.Reset {
		return "everything, private things too; newer consoles may lack it"
	}
	return "the NAVER WORKS app's data; private files stay"
}
