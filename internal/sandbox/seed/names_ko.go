package seed

// name is a family or given name, its romanization for mail addresses, and
// for Japanese names its reading in katakana.
type name struct{ text, latin, reading string }

func koreanFamilies() []name {
	return []name{
		{text: "김", latin: "kim"}, {text: "이", latin: "lee"}, {text: "박", latin: "park"}, {text: "최", latin: "choi"},
		{text: "정", latin: "jung"}, {text: "강", latin: "kang"}, {text: "조", latin: "cho"}, {text: "윤", latin: "yoon"},
		{text: "장", latin: "jang"}, {text: "임", latin: "lim"}, {text: "한", latin: "han"}, {text: "오", latin: "oh"},
		{text: "서", latin: "seo"}, {text: "신", latin: "shin"}, {text: "권", latin: "kwon"}, {text: "황", latin: "hwang"},
		{text: "안", latin: "ahn"}, {text: "송", latin: "song"}, {text: "류", latin: "ryu"}, {text: "홍", latin: "hong"},
		{text: "전", latin: "jeon"}, {text: "고", latin: "ko"}, {text: "문", latin: "moon"}, {text: "배", latin: "bae"},
		{text: "백", latin: "baek"}, {text: "허", latin: "heo"}, {text: "남궁", latin: "namgung"}, {text: "황보", latin: "hwangbo"},
		{text: "제갈", latin: "jegal"}, {text: "선우", latin: "sunwoo"},
	}
}

func koreanGivens() []name {
	return []name{
		{text: "민수", latin: "minsu"}, {text: "지훈", latin: "jihoon"}, {text: "서연", latin: "seoyeon"}, {text: "민준", latin: "minjun"},
		{text: "지영", latin: "jiyoung"}, {text: "현우", latin: "hyunwoo"}, {text: "수진", latin: "sujin"}, {text: "영희", latin: "younghee"},
		{text: "철수", latin: "chulsoo"}, {text: "은정", latin: "eunjung"}, {text: "성호", latin: "sungho"}, {text: "미경", latin: "mikyung"},
		{text: "준호", latin: "junho"}, {text: "하은", latin: "haeun"}, {text: "도윤", latin: "doyoon"}, {text: "예진", latin: "yejin"},
		{text: "재현", latin: "jaehyun"}, {text: "유나", latin: "yuna"}, {text: "동현", latin: "donghyun"}, {text: "소영", latin: "soyoung"},
		{text: "상철", latin: "sangchul"}, {text: "혜진", latin: "hyejin"}, {text: "건우", latin: "gunwoo"}, {text: "나연", latin: "nayeon"},
		{text: "태윤", latin: "taeyoon"}, {text: "정숙", latin: "jungsook"}, {text: "승민", latin: "seungmin"}, {text: "가영", latin: "gayoung"},
		{text: "병철", latin: "byungchul"}, {text: "다은", latin: "daeun"}, {text: "우진", latin: "woojin"}, {text: "보라", latin: "bora"},
		{text: "길동", latin: "gildong"}, {text: "하늘", latin: "haneul"}, {text: "슬기", latin: "seulgi"}, {text: "빛나", latin: "bitna"},
		{text: "솔", latin: "sol"}, {text: "훈", latin: "hoon"}, {text: "아름누리", latin: "areumnuri"},
	}
}
