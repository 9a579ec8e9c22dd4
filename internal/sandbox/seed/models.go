package seed

// model is a kind of device. The lists are ordered by how common the models
// are among members of one language.
type model struct {
	name, os, serial string // serial as in fleet.fill
	oldest, newest   int    // releases of the system that run on it, as in system.release
	language         string // of the members who have it; empty: all
}

// Forms of serial numbers.
const (
	apple12 = "F2L@@@@@@@@@" // until 2020
	apple10 = "@@@@@@@@@@"   // from 2021 on, random
	samsung = "R5C?@@@@@@@"
	xperia  = "QV7@@@@@@@"
	aquos   = "35#############" // 15 digits
	pixel   = "#####FDH####@@"
	xiaomi  = "#####/?#??#####"
	lenovo  = "PF@@@@@@"
	hp      = "5CG####@@@"
	dell    = "@@@@@@@"
	gram    = "3##NZ??######"
	let     = "#?KS?#####"
	surface = "0###########" // 12 digits
)

func phones() []model {
	return []model{
		{"iPhone 15 Pro", ios, apple10, 17, 26, ""},
		{"Galaxy S24 Ultra", android, samsung, 14, 16, korean},
		{"iPhone 14", ios, apple10, 16, 26, japanese},
		{"갤럭시 A54", android, samsung, 13, 16, korean},
		{"iPhone SE (3rd generation)", ios, apple10, 15, 26, japanese},
		{"Galaxy S23", android, samsung, 13, 16, ""},
		{"iPhone 13 mini", ios, apple10, 15, 26, ""},
		{"Xperia 10 V", android, xperia, 13, 15, japanese},
		{"갤럭시 Z 플립5", android, samsung, 13, 16, korean},
		{"iPhone 16", ios, apple10, 18, 26, ""},
		{"AQUOS sense8", android, aquos, 13, 16, japanese},
		{"Pixel 8a", android, pixel, 14, 16, japanese},
		{"Galaxy Z Fold6", android, samsung, 14, 16, ""},
		{"Pixel 9 Pro XL", android, pixel, 14, 16, english},
		{"iPhone 12", ios, apple12, 14, 26, ""},
		{"iPhone 16 Pro Max", ios, apple10, 18, 26, english},
		{"갤럭시 S22+", android, samsung, 12, 16, korean},
		{"arrows We2 Plus M06", android, "FA######", 14, 16, japanese},
		{"iPad Air (5th generation)", ios, apple10, 15, 26, ""},
		{"SM-A156L", android, samsung, 14, 16, korean},
		{"Xperia 1 VI (XQ-EC44)", android, xperia, 14, 16, japanese},
		{"Redmi Note 13 Pro 5G", android, xiaomi, 13, 15, ""},
		{"iPhone XR", ios, apple12, 12, 18, ""},
		{"Galaxy Tab S9 FE+ 5G", android, samsung, 13, 16, ""},
		{"갤럭시 노트20 울트라 5G 미스틱 브론즈 256GB (업무용)", android, samsung, 10, 13, korean},
		{"らくらくスマートフォン F-53E", android, "FA######", 13, 15, japanese},
		{"iPhone 8", ios, apple12, 11, 16, ""},
		{"LG V50S ThinQ", android, "###KP??######", 9, 12, korean},
		{"Galaxy XCover6 Pro Enterprise Edition (SM-G736B/DS, LTE/5G, 6 GB RAM, 128 GB, ruggedized, warehouse scanner cradle)", android, samsung, 12, 15, ""},
		{"Galaxy S7 edge", android, samsung, 7, 8, ""},
	}
}

func computers() []model {
	return []model{
		{"ThinkPad X1 Carbon Gen 11", windows, lenovo, 11, 11, ""},
		{"LG gram 16Z90R", windows, gram, 11, 11, korean},
		{"Let's note FV4", windows, let, 11, 11, japanese},
		{"MacBook Pro (14-inch, M3 Pro)", macOS, apple10, 14, 26, ""},
		{"갤럭시 북4 프로", windows, "@@@@91@@@@@@", 11, 11, korean},
		{"dynabook G83/HV", windows, "#?######H", 10, 11, japanese},
		{"Latitude 7440", windows, dell, 10, 11, ""},
		{"MacBook Air (13-inch, M2)", macOS, apple10, 13, 26, ""},
		{"HP EliteBook 840 G10", windows, hp, 11, 11, ""},
		{"LAVIE N15", windows, "########?", 10, 11, japanese},
		{"Surface Pro 9", windows, surface, 11, 11, ""},
		{"삼성 데스크탑 DM500TGA", windows, "@@@@92@@@@@@", 10, 10, korean},
		{"OptiPlex 7090", windows, dell, 10, 11, ""},
		{"ThinkCentre M70q", windows, lenovo, 10, 11, ""},
		{"iMac (24-inch, M1)", macOS, "C02@@@@@@@@@", 11, 26, ""},
		{"VMware20,1", windows, "VMware-56 4d xx xx xx xx xx xx", 10, 11, ""},
		{"Mac mini (2018)", macOS, "C07@@@@@@@@@", 10, 15, ""},
		{"HP Compaq 8200 Elite CMT PC", windows, hp, 7, 10, ""},
		{"ThinkPad T440p", windows, lenovo, 8, 10, ""},
	}
}
