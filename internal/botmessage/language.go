package botmessage

import "github.com/worksctl/worksctl/pkg/api"

// locale is a language as the service calls it.
func locale(lang string) string {
	return map[string]string{"en": "en_US", "ko": "ko_KR", "ja": "ja_JP"}[lang]
}

// appName is what members call an app.
func appName(lang string, t api.AppType) string {
	suite := map[string]string{"ko": "네이버웍스", "ja": "LINE WORKS"}[lang]
	if suite == "" {
		suite = "NAVER WORKS"
	}
	switch t {
	case api.AppWorksMobile:
		return suite
	case api.AppWorksPC:
		return suite + " (PC)"
	case api.AppDriveExplorer:
		return map[string]string{"ko": "드라이브 탐색기", "ja": "Driveエクスプローラー", "en": "Drive Explorer"}[lang]
	case api.AppDriveMobile:
		return map[string]string{"ko": "드라이브", "ja": "Drive", "en": "Drive"}[lang]
	}
	return string(t)
}

func moreDevices(lang string) string {
	switch lang {
	case "ko":
		return "외 %d대"
	case "ja":
		return "ほか %d 台"
	}
	return "and %d more"
}
