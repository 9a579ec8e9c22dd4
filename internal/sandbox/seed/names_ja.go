package seed

// The lists hold what breaks careless programs in Japanese offices: variants
// that no normal form joins (髙橋, 﨑), a character beyond the basic plane (𠮷),
// and kana that decompose (が, ジ).
func japaneseFamilies() []name {
	return []name{
		{"佐藤", "sato", "サトウ"}, {"鈴木", "suzuki", "スズキ"}, {"高橋", "takahashi", "タカハシ"}, {"田中", "tanaka", "タナカ"},
		{"伊藤", "ito", "イトウ"}, {"渡辺", "watanabe", "ワタナベ"}, {"山本", "yamamoto", "ヤマモト"}, {"中村", "nakamura", "ナカムラ"},
		{"小林", "kobayashi", "コバヤシ"}, {"加藤", "kato", "カトウ"}, {"吉田", "yoshida", "ヨシダ"}, {"山田", "yamada", "ヤマダ"},
		{"佐々木", "sasaki", "ササキ"}, {"松本", "matsumoto", "マツモト"}, {"井上", "inoue", "イノウエ"}, {"木村", "kimura", "キムラ"},
		{"斎藤", "saito", "サイトウ"}, {"齋藤", "saito", "サイトウ"}, {"清水", "shimizu", "シミズ"}, {"山崎", "yamazaki", "ヤマザキ"},
		{"渡邊", "watanabe", "ワタナベ"}, {"髙橋", "takahashi", "タカハシ"}, {"山﨑", "yamazaki", "ヤマザキ"}, {"𠮷田", "yoshida", "ヨシダ"},
		{"長谷川", "hasegawa", "ハセガワ"}, {"五十嵐", "igarashi", "イガラシ"}, {"勅使河原", "teshigawara", "テシガワラ"}, {"岡", "oka", "オカ"},
	}
}

func japaneseGivens() []name {
	return []name{
		{"太郎", "taro", "タロウ"}, {"花子", "hanako", "ハナコ"}, {"健太", "kenta", "ケンタ"}, {"美咲", "misaki", "ミサキ"},
		{"翔太", "shota", "ショウタ"}, {"陽子", "yoko", "ヨウコ"}, {"大輔", "daisuke", "ダイスケ"}, {"裕子", "yuko", "ユウコ"},
		{"誠", "makoto", "マコト"}, {"愛", "ai", "アイ"}, {"拓也", "takuya", "タクヤ"}, {"さくら", "sakura", "サクラ"},
		{"しずか", "shizuka", "シズカ"}, {"直樹", "naoki", "ナオキ"}, {"恵", "megumi", "メグミ"}, {"みどり", "midori", "ミドリ"},
		{"蓮", "ren", "レン"}, {"結衣", "yui", "ユイ"}, {"まなぶ", "manabu", "マナブ"}, {"ジョージ", "joji", "ジョージ"},
		{"一郎", "ichiro", "イチロウ"}, {"かず江", "kazue", "カズエ"}, {"つばさ", "tsubasa", "ツバサ"}, {"健二郎", "kenjiro", "ケンジロウ"},
	}
}
