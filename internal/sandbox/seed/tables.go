package seed

// tables are the lists that a fleet is drawn from, built once for each run.
type tables struct {
	korean, japanese, english people
	phones, computers         map[string][]model // by the member's language
	systems                   map[string][]system
	apps                      map[app][]string
}

func newTables() tables {
	t := tables{
		korean:    people{korean, "example.com", koreanFamilies(), koreanGivens(), []string{"영업1팀", "영업2팀", "개발팀", "인사팀", "고객지원팀", "물류센터"}},
		japanese:  people{japanese, "jp.example.com", japaneseFamilies(), japaneseGivens(), []string{"営業部", "開発部", "人事部", "大阪支店", "カスタマーサポート課"}},
		english:   people{english, "example.org", englishFamilies(), englishGivens(), []string{"Sales", "Engineering", "Support"}},
		phones:    map[string][]model{},
		computers: map[string][]model{},
		systems:   map[string][]system{},
		apps:      map[app][]string{},
	}
	for _, language := range []string{korean, japanese, english} {
		t.phones[language] = sold(language, phones())
		t.computers[language] = sold(language, computers())
	}
	for _, os := range []string{ios, android, windows, macOS} {
		t.systems[os] = systems(os)
	}
	for _, a := range apps() {
		t.apps[a] = appVersions(a)
	}
	return t
}

// sold returns the models that members of a language have, in the same order.
func sold(language string, all []model) []model {
	var list []model
	for _, m := range all {
		if m.language == "" || m.language == language {
			list = append(list, m)
		}
	}
	return list
}
