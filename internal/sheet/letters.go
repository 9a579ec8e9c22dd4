package sheet

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// language is one that the text of a file may be in, by how many bits its
// characters take: few for those that are common in the names of its people.
type language struct {
	ranks  map[rune]float64    // bits of the common characters
	script *unicode.RangeTable // of the others
	kana   float64
	half   float64 // half-width katakana

	// basic reports whether a character, as it stands in encoding, is one of those
	// that its standard has first: usual and rare are the bits of the two kinds.
	encoding    encoding.Encoding
	basic       func(lead, trail byte) bool
	usual, rare float64
}

func (l *language) letter(r rune) float64 {
	b, err := l.encoding.NewEncoder().Bytes([]byte(string(r)))
	if err == nil && len(b) == 2 && l.basic(b[0], b[1]) {
		return l.usual
	}
	return l.rare
}

// The bits of characters. One of n letters that are rare in the language takes
// log2(n), and more for being rare.
const (
	ascii    = 5.0 // the same everywhere, but where it is the second byte of another character
	sign     = 15.0
	fullSign = 9.0 // full-width brackets, blanks, letters and digits
	alien    = 21.0
	invalid  = 40.0 // no character at all
	glued    = 4.0  // a character of East Asia right beside a Latin letter
)

// ranked gives the characters of a list, the commonest first, the bits that their
// place says (Zipf's law).
func ranked(list string) map[rune]float64 {
	const spread = 3 // log2 of the sum of 1/n
	bits := map[rune]float64{}
	n := 0.0
	for _, r := range list {
		n++
		if _, known := bits[r]; !known {
			bits[r] = math.Log2(n) + spread
		}
	}
	return bits
}

// bits returns how many bits a text takes, how many of its characters are common
// in the language, and how many are not.
func (l *language) bits(text string) (bits float64, common, others int) {
	before := rune(0)
	for _, r := range text {
		if r < unicode.MaxASCII {
			if bits += ascii; isLatin(r) && isEastAsian(before) {
				bits += glued
			}
			before = r
			continue
		}
		b, known := l.ranks[r]
		switch {
		case known:
			common++
		case r == unicode.ReplacementChar, unicode.In(r, unicode.Cc, unicode.Co):
			b = invalid
		case r >= 0xff61 && r <= 0xff9f:
			b = l.half
		case r > 0xff00, r == '　', r == 'ー', r == '・', r == '々':
			b = fullSign
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			if b = l.kana; b < alien {
				common++
			} else {
				others++
			}
		case unicode.Is(l.script, r):
			b = l.letter(r)
			others++
		case unicode.In(r, unicode.Han, unicode.Hangul):
			b = alien
			others++
		default:
			b = sign
		}
		if bits += b; isLatin(before) && isEastAsian(r) {
			bits += glued
		}
		before = r
	}
	return bits, common, others
}

func isLatin(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }

func isEastAsian(r rune) bool {
	return r > unicode.MaxLatin1 && unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
}

// western returns how many bits a text of the West takes: the Latin letters that
// ASCII lacks stand among those that it has, one at a time, and those of another
// alphabet among themselves.
func western(text string) float64 {
	ranks := ranked("éèüöäñçáíóúãåøßëïôêâîûàõæò’")
	const (
		letter = 9.0 // of Latin, as in Windows-1252 and Latin Extended-A
		whole  = 6.0 // of another alphabet
		odd    = 6.0 // not as it stands in a word
		quote  = 10.0
	)
	bits := 0.0
	before := rune(0)
	for i, r := range text {
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		b, known := ranks[r]
		switch {
		case r < unicode.MaxASCII:
			b = ascii
		case isAlphabet(r):
			if b = whole; isLatin(before) || isLatin(after) {
				b += odd
			}
		case known, unicode.Is(unicode.Latin, r) && r <= 0x17f && r != 'ª' && r != 'º':
			if !known {
				b = letter
			}
			if before > unicode.MaxASCII && unicode.IsLetter(before) || unicode.IsUpper(r) && unicode.IsLower(before) {
				b += odd
			}
			if !isLatin(before) && !isLatin(after) {
				b += odd
			}
		case unicode.IsControl(r), r == unicode.ReplacementChar:
			b = invalid
		case unicode.In(r, unicode.Pi, unicode.Pf, unicode.Pd):
			b = quote
		default:
			b = sign
		}
		bits += b
		before = r
	}
	return bits
}

// oddities corrects the bits of a text in UTF-8. Its characters of two bytes are
// Hangul and Chinese ones elsewhere: some signs are common, and those that they
// would be aren't; letters of other alphabets make words, or they are such names.
func oddities(text string) float64 {
	other := func(r rune) bool { return unicode.In(r, unicode.Nko, unicode.Syriac, unicode.Thaana) }
	const word = 3
	words := slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return !other(r) }), func(s string) bool {
		return utf8.RuneCountInString(s) >= word
	})
	const (
		common = 5.0
		behind = 11.0 // a digit
	)
	bits := 0.0
	before := rune(0)
	for _, r := range text {
		switch {
		case strings.ContainsRune("®©°·±µ£", r):
			bits -= common
		case strings.ContainsRune("½¼¾²³", r) && unicode.IsDigit(before):
			bits -= behind
		case other(r) && !words:
			bits += alien - sign
		}
		before = r
	}
	return bits
}

// isAlphabet reports whether a letter is a common one of Greek, Cyrillic, Hebrew
// or Arabic.
func isAlphabet(r rune) bool {
	return r >= 'Ά' && r <= 'ώ' || r >= 'Ё' && r <= 'џ' || r >= 'א' && r <= 'ת' || r >= 'ء' && r <= 'ي'
}

func japaneseLanguage() *language {
	return &language{
		ranks: ranked("田山藤本子木村川中美佐一高井小林野大松石上原太郎島橋加伊鈴渡辺吉斎斉清池水谷西森岡長部近久後江福内和前土坂青竹金平宮今古沢澤口崎﨑浜濱阿遠三安東菊杉新工千横丸星市河片岩荒菅柴増桜飯堀関服秋早武北南熊樋桑真由恵理奈香菜裕直" +
			"健翔結衣愛花優陽葵咲凛紀明智広之弘幸雄夫男也哉介助輔亮亜彩沙希里佳代夏春冬雅正信義勝利哲樹貴博史文英隆孝浩洋司誠剛徹進修勇豊茂実光輝昭治次二四五六七八九十朗人仁斗都悠蓮湊蒼颯晴琉生海空陸拓翼駿純桃莉梨華音心乃羽萌凪詩織栞" +
			"楓遥遼涼瞳舞綾絵恭慎俊敏康泰克政成忠典憲法章彰宏寛行敬啓圭慶礼玲怜麗瑠璃瑛栄永衛瀬戸根若馬場尾嶋塚倉笠畑須堤黒白赤緑藍紫色神矢牧奥吹荻梅栗柳柿桐榎楠椎萩茨葉草芝苗稲麦米穂浅深富望月日向影風雲雪雨霧霜氷泉滝湖沼潟浦津港磯沖" +
			"波洲岸砂岬岐峰峯嶺尚忍志叶夢未来路道友朋悟敦淳潤渉航舟艇駒鶴亀鷹鳩虎龍竜辰寅卯巳午申酉戌亥紗絢綺紬絹布糸多課係営業総務事開発技術株式会社支店名屋京阪府県区町表示端末銀邊邉濵槻笹篠篤堂園宇見庄荘庭越細間門良芳重兼手相鎌坪塩" +
			"汰"),
		script: unicode.Han, kana: 6.5, half: 8,
		encoding: japanese.ShiftJIS, usual: 14.5, rare: 18,
		basic: func(lead, _ byte) bool { return lead >= 0x88 && lead <= 0x97 }, // level 1 of JIS X 0208
	}
}

func koreanLanguage() *language {
	return &language{
		ranks: ranked("김이박정영민수지준현최성재은경진서윤승미희호조강혜상우선동유소연한장임주신원태기훈오나아종인권황안송홍전하도문철규예세형빈슬용석배채양덕복순옥숙자명남심노곽차광병창근섭환일건대중해범식봉만두춘화란애라린율찬솔로보별람결웅" +
			"욱혁향효늘겸벼롬새름푸귀말끝꽃님또쌍뿌필립휘샛초롱온봄단르고구국균길다래려련록류리림마맹모무묵반방백변부비사산샘설손시여염엄엽완왕요위육음의익잔제좌즈천추충치탁탄택판편표피학함허헌회흥가각갑교군금년니달담돈득들락량령루륜" +
			"매목묘바빛삼삭생씨어언업에엘열옹외을읍작잎저점접족존죽증질집찰참처청체촌총출측칠쾌타토통투트파팔패평폭풍합항행협후흑힘팀과갤럭폰프플러스울북그램개발관본획실궁독갈공솜든둘운큰누"),
		script: unicode.Hangul, kana: alien, half: alien,
		encoding: korean.EUCKR, usual: 14.5, rare: 20,
		basic: func(lead, trail byte) bool { return lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1 }, // KS X 1001
	}
}

func chineseLanguage() *language {
	return &language{
		ranks: ranked("王李張张陳陈劉刘明小華华林黃黄楊杨文志偉伟建吳吴國国趙赵周徐孫孙馬马朱胡郭何高羅罗鄭郑梁謝谢宋唐許许鄧邓韓韩馮冯曹彭曾蕭肖田董潘袁蔡蔣蒋余于杜葉叶程魏蘇苏呂吕丁任盧卢姚沈鍾钟姜崔譚谭陸陆范汪廖石金韋韦賈贾夏付方鄒邹熊白孟" +
			"秦邱侯江尹薛閻阎段雷龍龙英平軍军強强傑杰麗丽敏芳娜秀靜静娟霞紅红玲桂蘭兰玉萍豔艳燕波斌輝辉鵬鹏勇俊浩宇子軒轩欣怡佳雪梅婷琳晨曦陽阳濤涛磊超毅春生永德海東东家嘉慧雅淑美惠雯穎颖翔思博梓涵一諾诺然雨桐若宜豪承恩冠廷柏翰品妍睿" +
			"宗漢汉信義义仁和光成立大中山天正安寧宁福壽寿祥瑞黎史陶賀贺顧顾毛郝龔龚邵萬万錢钱嚴严覃武戴莫孔向湯汤康施殷齊齐喬乔賴赖龐庞伍洪溫温游柯卓簡简詹連连翁莊庄駱骆巫阮涂塗曉晓新元少世長长振群飛飞剛刚虎利民全良富貴贵清月星云雲鳳" +
			"凤琴珍珠貞贞莉蓮莲荷菊竹松柳青藍蓝紫丹彤妮娅婭媛娇嬌嫻娴瑤瑶璐珊瑜瑾瑋玮琪琦玥悦悅樂乐"),
		script: unicode.Han, kana: alien, half: alien, usual: 15, rare: 20,
	}
}

func simplified() *language {
	l := chineseLanguage()
	l.encoding = simplifiedchinese.GBK
	l.basic = func(lead, trail byte) bool { return lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1 } // level 1 of GB 2312
	return l
}

func traditional() *language {
	l := chineseLanguage()
	l.encoding = traditionalchinese.Big5
	l.basic = func(lead, _ byte) bool { return lead >= 0xa4 && lead <= 0xc6 } // level 1 of Big5
	return l
}
