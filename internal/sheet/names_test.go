package sheet_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/worksctl/worksctl/internal/sheet"
)

// people are names as they stand in a list: each pair of a family and a given
// name, or a name as it is.
type people struct {
	families, givens string
	between          string
	givenFirst       bool
}

func (p people) name(r *rand.Rand) string {
	pick := func(list string) string {
		all := strings.Fields(list)
		return all[r.IntN(len(all))]
	}
	if p.givenFirst {
		return pick(p.givens) + p.between + pick(p.families)
	}
	return pick(p.families) + p.between + pick(p.givens)
}

func koreans() people {
	return people{
		families: "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 전 홍 고 문 양 손 배 백 허 유 남 심 노 하 곽 성 차 주 우 구 라 진 민 나 엄 채 원 천 방 공 현 함 변 염 여 추 도 소 석 선 설 마 길 연 위 표 명 기 반 왕 금 옥 육 인 맹 제 모 탁 국 어 은 편 용 남궁 황보 제갈 선우 독고",
		givens: "민수 지훈 서연 민준 지영 현우 수진 영희 철수 은정 성호 미경 준호 하은 도윤 예진 재현 유나 동현 소영 상철 혜진 건우 나연 태윤 정숙 승민 가영 병철 다은 우진 보라 길동 하늘 슬기 빛나 영수 영호 정훈 성민 상훈 미영 경숙 영자 순자 정자 말순 춘자 옥순 금자 복동 덕수 만복 " +
			"창호 광수 기철 종호 종석 태현 태희 승현 승우 시우 시현 서준 서윤 지우 지아 지안 하준 하윤 이준 은우 유준 주원 연우 수아 아린 채원 채은 윤서 예은 예린 한별 한솔 새롬 아름 초롱 샛별 가람 누리 이슬 단비 찬솔 라온 푸름 온유 봄이 별 솔 훈 혁 욱 준 진 철 결 율 겸 환희 규빈 혜빈 세빈 원빈 형준 " +
			"두현 필립 학수 혜란 화영 효진 효주 휘성 흥민 희철 희애 쌍식 귀남 끝순 또순 뿌리 윤혜 설리 꽃님 벼리 나래 미르 봉준 해일 강인 승엽 찬호 세리 연아 미란 선경 석천 국종 구영 권택 균상 근혜 팔도 판수 평안 형돈 홍철 재석 명수 준하",
	}
}

func japaneseNames() people {
	return people{
		families: "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 斉藤 福田 太田 西村 藤井 金子 岡本 三浦 藤原 中野 中川 原田 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小島 工藤 谷口 今井 高田 増田 丸山 杉山 村田 大塚 新井 小山 平野 藤本 河野 上野 野口 武田 松井 千葉 岩崎 菅原 木下 久保 佐野 野村 松尾 市川 菊地 杉本 古川 大西 島田 水野 桜井 高野 渡部 吉川 山内 西田 飯田 菊池 西川 小松 北村 安田 五十嵐 川口 平田 関 中田 久保田 東 服部 川崎 岩田 土屋 福島 本田 辻 樋口 秋山 田口 永井 山中 中西 吉村 川上 石原 大橋 松岡 馬場 浜田 森本 星野 矢野 浅野 大島 松浦 吉岡 小池 荒木 大久保 野田 岡崎 広瀬 熊谷 萩原 黒田 堀 尾崎 望月 永田 熊田 榊原 勅使河原 轟 鷲尾 蛯名 釘宮 雀部 鴻池 糟屋 梶 梅原 鮫島",
		givens:   "太郎 花子 健太 美咲 翔太 陽子 大輔 裕子 誠 愛 拓也 さくら しずか 直樹 恵 みどり 蓮 結衣 まなぶ ジョージ 一郎 かず江 つばさ 健二郎 隆 茂 稔 実 清 進 豊 修 浩 勝 弘 明 正 昭 和子 幸子 節子 洋子 京子 恵子 久美子 真由美 由美子 直美 智子 香織 恵美 明美 美香 陽菜 葵 凛 結菜 莉子 芽依 紬 詩 大翔 陽翔 湊 悠真 颯 朝陽 樹 律 碧 新 蒼 悠斗 陽太 颯太 隼人 哲也 達也 和也 雅人 健一 浩二 博 剛 学 徹 聡 亮 潤 翼 舞 彩 遥 梓 楓 茜 瞳 忍 薫 純一 康平 祐介 貴之 伸一 敏夫 義男 喜久雄 鉄平 謙吾 譲 穣 巌 馨 麟太郎 りん ひなた ゆうき アンナ",
	}
}

func westerners() people {
	return people{
		families: "Müller Schröder Größ Weiß Böhm Grün Jäger Köhler García Martínez López Pérez Sánchez Ramírez Núñez Muñoz Peña Lefèvre Françoise Béranger Dupré Côté Gagné Lévesque Hébert Élysée Åberg Öberg Sjögren Lindström Bjørnsen Ødegård Kjær Sørensen Jørgensen Håkansson Gonçalves Araújo Conceição Simões Magalhães Guimarães Brontë O’Neill D’Angelo Þórsson Guðmundsson Smith Brown Citroën Özil Ünal Ångström Šimek Žižek Ibáñez Vélez Suárez Hernández Andrés Muñóz",
		givens:   "Renée André Jörg Jürgen Günther Bärbel Käthe José María Jesús Ángel Óscar Íñigo Sofía Inés Zoë Chloë Noël Loïc Maël Anaïs Léa Hélène Geneviève François Gaël Benoît Jérôme Émilie Éric Søren Bjørn Åsa Håkan Göran Märta João Antônio Conceição Inês Simão Luís Tomás Mónica Björk Sigríður Œuvrard Niño Begoña Lluïsa Thérèse Aimée Désirée Zoé Cléa Théo Jean-René John Mary",
		between:  " ", givenFirst: true,
	}
}

func chinese() people {
	return people{
		families: "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 欧阳 司马 上官",
		givens:   "小明 伟 芳 娜 秀英 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 建国 建华 志强 晓红 海燕 文静 子涵 浩然 欣怡 雨桐 一诺 梓轩 思远 嘉怡 俊杰 春梅 玉兰 国强 永福 天佑 雪梅 婷婷 丹丹 佳琪 博文 鑫 淼 焱 旭东 振华 宏伟 凤英 金凤 爱国 卫东 跃进",
	}
}

func taiwanese() people {
	return people{
		families: "陳 林 黃 張 李 王 吳 劉 蔡 楊 許 鄭 謝 洪 郭 邱 曾 廖 賴 徐 周 葉 蘇 莊 呂 江 何 蕭 羅 高 潘 簡 朱 鍾 游 彭 詹 胡 施 沈 余 趙 盧 梁 顏 柯 翁 魏 孫 戴 范 方 宋 鄧 杜 傅 侯 曹 薛 丁 卓 馬 阮 董 唐 溫 藍 蔣 石 古 紀 姚 連 馮 歐陽",
		givens:   "小明 家豪 淑芬 淑惠 美玲 雅婷 怡君 志明 俊傑 建宏 俊宏 志偉 雅雯 欣怡 冠宇 承恩 品妍 宗翰 柏翰 詩涵 秀英 麗華 美惠 春嬌 金龍 文雄 進財 阿土 大同 國華 宜蓁 鈺婷 筱涵 郁婷 彥廷 睿恩 宥廷 詠晴 子晴 鑫",
	}
}

func otherAlphabets() people {
	return people{
		families: "Иванов Смирнов Кузнецов Попов Васильев Щербаков Παπαδόπουλος Γεωργίου כהן לוי محمد حسن",
		givens:   "Иван Сергей Юлия Ольга Ёлка Γιώργος Ελένη דוד שרה أحمد فاطمة", between: " ", givenFirst: true,
	}
}

// Wrong guesses must not be, and what can't be told must be rare where the file
// is of Korea or Japan.
func TestNamesTellTheEncoding(t *testing.T) {
	const files = 50
	for _, tt := range []struct {
		name     string
		encoding encoding.Encoding
		people   people
		want     string // empty: never guessed
		most     [6]int // files that can't be told, by rows
	}{
		{"CP949", korean.EUCKR, koreans(), sheet.CP949, [6]int{0, 4, 1}},
		{"Shift_JIS", japanese.ShiftJIS, japaneseNames(), sheet.ShiftJIS, [6]int{0, 4, 1}},
		{"EUC-JP", japanese.EUCJP, japaneseNames(), "", [6]int{}},
		{"Windows-1252", charmap.Windows1252, westerners(), "", [6]int{}},
		{"GBK", simplifiedchinese.GBK, chinese(), "", [6]int{}},
		{"GBK, traditional", simplifiedchinese.GBK, taiwanese(), "", [6]int{}},
		{"UTF-8, Western", encoding.Nop, westerners(), sheet.UTF8, [6]int{}},
		{"UTF-8, other alphabets", encoding.Nop, otherAlphabets(), sheet.UTF8, [6]int{}},
		{"UTF-8, Korean", encoding.Nop, koreans(), sheet.UTF8, [6]int{}},
		{"Big5", traditionalchinese.Big5, taiwanese(), "", [6]int{}},
	} {
		random := rand.New(rand.NewPCG(1, 2))
		for rows := 1; rows <= 5; rows++ {
			unknown := 0
			for range files {
				content := "Device,User,OS,Installed App,Recent Access\n"
				for range rows {
					content += "iPhone," + tt.people.name(random) + []string{" (a@example.com)", "(hong)", ""}[random.IntN(3)] + ",iOS 18.1,NAVER WORKS 4.2.1,2026-11-20 10:15\n"
				}
				encoded, err := tt.encoding.NewEncoder().Bytes([]byte(content))
				if err != nil {
					t.Fatal(err)
				}
				s, err := sheet.Read(encoded, sheet.Options{Known: known})
				switch {
				case err != nil:
					unknown++
				case s.Encoding == sheet.UTF8 && isPlain(content):
				case s.Encoding != tt.want:
					t.Errorf("%s is read as %s: %q", tt.name, s.Encoding, s.Rows[1].Cells[1].Text)
				}
			}
			t.Logf("%s, %d rows: %d of %d can't be told", tt.name, rows, unknown, files)
			if tt.want != "" && unknown > tt.most[rows] {
				t.Errorf("%s, %d rows: %d of %d can't be told", tt.name, rows, unknown, files)
			}
		}
	}
}

func isPlain(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > 0x7f }) < 0
}
