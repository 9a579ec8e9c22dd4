package consolefile_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"pgregory.net/rapid"

	"github.com/worksctl/worksctl/internal/consolefile"
	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sheet"
)

func hasFault(t rapid.TB, name string) bool {
	t.Helper()
	return strings.Contains(misreadText(t, "Model,User Name,OS\niPhone,\""+name+"\",iOS\n"), "wrong encoding: download the list anew")
}

func misreadText(t rapid.TB, content string) string {
	t.Helper()
	o := consolefile.Options{}
	s, err := sheet.Read([]byte(content), sheet.Options{Known: o.Known(), Encoding: sheet.UTF8})
	if err != nil {
		t.Fatal(err)
	}
	f, err := consolefile.Read(s, o)
	if err != nil {
		return err.Error()
	}
	text := ""
	for _, p := range f.Rows[0].Problems {
		text += p.Text
	}
	return text
}

// latin1 reads UTF-8 as programs do: as Windows-1252, whose gaps are controls.
func latin1(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		r := charmap.Windows1252.DecodeByte(c)
		if r == '\ufffd' {
			r = rune(c)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func TestMisreadNames(t *testing.T) {
	for _, name := range []string{"김서연", "홍길동 (HR)", "전", "까", "김", "山田太郎", "さくら", "日", "갤럭시 S24", "Kim 서연", "佐藤（営業）", "リア"} {
		if !hasFault(t, latin1(name)) {
			t.Errorf("%s as %q passes", name, latin1(name))
		}
		var b strings.Builder
		for _, c := range []byte(name) {
			b.WriteRune(rune(c))
		}
		if !hasFault(t, b.String()) {
			t.Errorf("%s as %q passes", name, b.String())
		}
	}
	for _, name := range []string{"José", "Müller", "Ångström", "ÄÖÜ", "Œuvrard", "Ibáñez™", "así…»", "Élodie “Zoë” D’Angelo", "Škoda Žižek", "ýžš", "é", "–", "São João ®", "Müller—Lüdenscheidt", "Pokémon™®"} {
		if hasFault(t, name) {
			t.Errorf("false alarm: %q", name)
		}
	}
	for _, content := range []string{
		latin1("모델명") + ",User,OS\niPhone,A,iOS\n", // among headers that are known
		latin1("모델명") + "," + latin1("사용자") + "\niPhone,A\n",
	} {
		if text := misreadText(t, content); !strings.Contains(text, "wrong encoding: download the list anew") {
			t.Errorf("%q: %q", content, text)
		}
	}
}

// A header with a damaged character is no unknown one that may be left out, nor
// the known one that it reads like without it.
func TestGarbledHeaders(t *testing.T) {
	const row = "iPhone,A (a@example.com),iOS\n"
	for _, tt := range []struct {
		content string
		o       consolefile.Options
	}{
		{"Model,사\xff자,OS\n" + row, consolefile.Options{}},
		{"Model,사\xff자,OS\n" + row, consolefile.Options{Map: maps(t, "사자=user_name,user_id")}},
		{"Model,User\xff,OS\n" + row, consolefile.Options{}},
		{"Apparat,Nut\xffzer,System\n" + row, consolefile.Options{}},
	} {
		s, err := sheet.Read([]byte(tt.content), sheet.Options{Known: tt.o.Known(), Encoding: sheet.UTF8})
		if err != nil {
			t.Fatal(err)
		}
		_, err = consolefile.Read(s, tt.o)
		if e := exit.As(err); e == nil || !strings.Contains(e.Error(), "doesn't know") || strings.Contains(e.Hint, "--map") {
			t.Errorf("%q: %v", tt.content, err)
		}
	}
}

// UTF-8 taken for CP949 or Shift_JIS shows where no byte was lost; where one was,
// a character that no encoding knows stands in its place, and is a fault anyway.
func TestMisreadInEastAsia(t *testing.T) {
	for _, tt := range []struct {
		encoding encoding.Encoding
		name     string
	}{
		{japanese.ShiftJIS, "ヤマダタロウ"}, {japanese.ShiftJIS, "さくらさくら"}, {japanese.ShiftJIS, "山田山田"}, {korean.EUCKR, "박모바일"}, {korean.EUCKR, "山田太郎"},
	} {
		read, err := tt.encoding.NewDecoder().String(tt.name)
		if err != nil {
			t.Fatal(err)
		}
		if !hasFault(t, read) {
			t.Errorf("%s as %q passes", tt.name, read)
		}
	}
}

// No name of Korea, Japan, China or the West is taken for one that was misread.
func TestRealNamesAreNotMisread(t *testing.T) {
	families := strings.Fields("김 이 남궁 제갈 선우 황보 뷁 똠 金 李 朴 南宮 源 佐藤 鈴木 高橋 渡邊 渡邉 齋藤 齊藤 髙橋 山﨑 廣瀬 澤田 濱田 櫻井 鷲尾 蛯名 釘宮 糟屋 鴻池 籔内 綛谷 驫木 麴町 纐纈 躑躅森 ﾔﾏﾀﾞ ｻﾄｳ ヤマダ さとう 王 張 歐陽 謝 鄭 龍 García Müller Ångström Œuvrard Žižek Élysée Conceição Guðmundsson Иванов")
	givens := strings.Fields("민수 서연 하늘 쌍식 길동 슬기 源 太郎 花子 翔太 凛 馨 巌 穰 彌生 亞紀 壽 龍之介 麟太郎 ﾊﾅｺ ﾀﾛｳ ジョージ さくら しずか りん 小明 淑惠 鑫 焱 José René Zoë Íñigo Šárka Åsa Jürgen Éric “Mike” ™® 팀장 営業部 ㈱ ㈜ ① （HR） 〜 ・")
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(families).Draw(t, "family")
		for _, given := range rapid.SliceOfN(rapid.SampledFrom(append(givens, families...)), 1, 4).Draw(t, "givens") {
			name += rapid.SampledFrom([]string{"", " ", "　", "-", "·"}).Draw(t, "between") + given
		}
		if hasFault(t, name) {
			t.Fatalf("false alarm: %q", name)
		}
	})
}
