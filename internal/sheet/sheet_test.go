package sheet_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"

	"github.com/worksctl/worksctl/internal/exit"
	"github.com/worksctl/worksctl/internal/sheet"
)

// known counts the headers of these tests.
func known(cells []string) int {
	n := 0
	for _, c := range cells {
		if c = strings.NewReplacer("\u00a0", "", "\ufffd", "").Replace(c); c == "Device" || c == "User" || c == "기기" || c == "デバイス" {
			n++
		}
	}
	return n
}

func TestEncodings(t *testing.T) {
	ko := func(s string) string { b, _ := korean.EUCKR.NewEncoder().String(s); return b }
	ja := func(s string) string { b, _ := japanese.ShiftJIS.NewEncoder().String(s); return b }
	for _, tt := range []struct{ name, content, as, want string }{
		{"Korean", ko("Device,User\n갤럭시,홍길동\n"), "", sheet.CP949},
		{"one Korean name", ko("Device,User\nA,김\n"), "", sheet.CP949},
		{"rare Hangul", ko("Device,User\n펲시,똠방각하\n"), "", sheet.CP949},
		{"Japanese", ja("Device,User\nアイフォン,山田太郎\n"), "", sheet.ShiftJIS},
		{"one Japanese name", ja("Device,User\nA,鈴木\n"), "", sheet.ShiftJIS},
		{"Japanese header", ja("デバイス,User\nA,ﾔﾏﾀﾞ\n"), "", sheet.ShiftJIS},
		{"half-width kana alone may be Hangul", ja("Device,User\nA,ｱｲｱｲ\n"), "", "?"},
		{"the same, named", ja("Device,User\nA,ｱｲｱｲ\n"), "sjis", sheet.ShiftJIS},
		{"Western", "Device,User\nA,Ren\xe9\n", "", "?"},
		{"Western, named", "Device,User\nA,Ren\xe9\n", "cp1252", sheet.Windows1252},
		{"one Chinese character in CP949", ko("Device,User\niPhone,山 (san@example.com)\n"), "", "?"},
		{"two of them", ko("Device,User\niPhone,三上 (sam@example.com)\n"), "", "?"},
		{"N'Ko", "Device,User\niPhone,ߒߞߏ (nko@example.com)\nGalaxy,ߊ\n", "", sheet.UTF8},
		{"Syriac", "Device,User\niPhone,ܡܪܝܡ (maryam@example.com)\n", "", sheet.UTF8},
		{"a sign in a model", "Device,User\nSurface® Pro,A (a@example.com)\n", "", sheet.UTF8},
		{"a sign alone", "Device,User\nGalaxy · 8,A (a@example.com)\n", "", sheet.UTF8},
		{"inches", "Device,User\nMacBook Pro 13½,A (a@example.com)\n", "", sheet.UTF8},
		{"exponents", "Device,User\nPad 10²,A (a@example.com)\n", "", sheet.UTF8},
		{"a hard blank in a known header", "Device,U\u00a0ser\nA,b\n", "", sheet.UTF8},
		{"a bad byte in UTF-8", "Device,User\n갤럭시에스이십사,홍길\xb5\n", "", sheet.UTF8},
		{"UTF-16 without a mark", "D\x00e\x00v\x00i\x00c\x00e\x00,\x00U\x00s\x00e\x00r\x00\n\x00", "", sheet.UTF16LE},
		{"zeros that are no UTF-16", "Device,User\nA\x00,b\n", "", "?"},
	} {
		s, err := sheet.Read([]byte(tt.content), sheet.Options{Encoding: tt.as, Known: known})
		got := "?"
		if err == nil {
			got = s.Encoding
		} else if e := exit.As(err); e == nil || e.Exit != exit.Failed || e.ID == "ENCODING_UNKNOWN" && !strings.Contains(e.Hint, "cp949 (Korean)") {
			t.Errorf("%s: %v", tt.name, err)
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s: %v", tt.name, got, tt.want, err)
		}
	}
	if _, err := sheet.ParseEncoding("ebcdic"); exit.CodeOf(err) != exit.Usage {
		t.Error(err)
	}
}

// A file that says its encoding isn't read in another.
func TestByteOrderMarks(t *testing.T) {
	const plain = "Device,User\nA,홍길동\n"
	wide := func(order unicode.Endianness) string {
		s, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(plain)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, tt := range []struct{ content, as, want string }{
		{"\xef\xbb\xbf" + plain, "utf-8", sheet.UTF8},
		{"\xef\xbb\xbf" + plain, "cp949", ""},
		{"\xef\xbb\xbf" + plain, "windows-1252", ""},
		{"\xef\xbb\xbf" + plain, "utf-16", ""},
		{wide(unicode.LittleEndian), "utf-16", sheet.UTF16LE},
		{wide(unicode.BigEndian), "utf-16", sheet.UTF16BE},
		{wide(unicode.LittleEndian), "utf-8", ""},
		{plain, "utf-8", sheet.UTF8},
	} {
		s, err := sheet.Read([]byte(tt.content), sheet.Options{Encoding: tt.as, Known: known})
		switch {
		case tt.want == "":
			if e := exit.As(err); e == nil || e.Exit != exit.Usage || e.Hint != "leave out --encoding" {
				t.Errorf("%q as %s: %v", tt.content[:4], tt.as, err)
			}
		case err != nil || s.Encoding != tt.want || s.Rows[1].Cells[1].Text != "홍길동":
			t.Errorf("%q as %s: %+v, %v", tt.content[:4], tt.as, s, err)
		}
	}
}

// Where valid UTF-8 may be of another encoding as well, the error says so.
func TestUTF8ThatMayBeAnother(t *testing.T) {
	for _, tt := range []struct{ name, want string }{{"Ž", "it may be UTF-8 or another"}, {"½", "it may be UTF-8 or GBK"}} {
		_, err := sheet.Read([]byte("Device,User\nA,"+tt.name+"\n"), sheet.Options{Known: known})
		if e := exit.As(err); e == nil || !strings.HasSuffix(e.Error(), tt.want) || !strings.Contains(e.Hint, "--encoding utf-8") {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestDelimiters(t *testing.T) {
	for _, tt := range []struct{ name, content, want string }{
		{"commas", "Device,User\na,b\n", ","},
		{"semicolons", "Device;User\na,x;b,y\n", ";"},
		{"tabs", "Device\tUser\na,x;b,y\tc\n", "\t"},
		{"headers that nobody knows", "Gerät;Nutzer\na,x;b\n", ";"},
		{"Excel's hint", "sep=;\nx,y;z\n", ";"},
		{"one column", "Device\na\n", ","},
		{"quotes", "\"Device\";\"User\"\n\"a;\nb\";\"c\"\n", ";"},
	} {
		s, err := sheet.Read([]byte(tt.content), sheet.Options{Known: known})
		if err != nil || s.Delimiter != tt.want {
			t.Errorf("%s: %v, %v", tt.name, s, err)
		}
	}
}

func TestRowsAreCountedAsASpreadsheetDoes(t *testing.T) {
	s, err := sheet.Read([]byte("\xef\xbb\xbf\"Device\",User\r\n\r\n\"a\nb\",c\rd,e"), sheet.Options{Known: known})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range s.Rows {
		got = append(got, strings.Join(row.Texts(), "|"))
	}
	if want := "Device|User//a\nb|c/d|e"; strings.Join(got, "/") != want || s.Rows[3].Number != 4 || !s.Rows[1].Blank() {
		t.Errorf("%q", got)
	}
	_, err = sheet.Read([]byte("Device,User\na,b\"c\n"), sheet.Options{Known: known})
	if err == nil || !strings.Contains(err.Error(), "row 2: a quote in the middle of cell 2") {
		t.Error(err)
	}
}
