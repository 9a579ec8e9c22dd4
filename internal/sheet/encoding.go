package sheet

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"

	"github.com/worksctl/worksctl/internal/exit"
)

// The names of encodings.
const (
	UTF8        = "UTF-8"
	UTF16LE     = "UTF-16LE"
	UTF16BE     = "UTF-16BE"
	CP949       = "CP949"     // Korean Windows; it contains EUC-KR
	ShiftJIS    = "Shift_JIS" // Japanese Windows, with its additions (CP932)
	EUCJP       = "EUC-JP"
	Windows1252 = "Windows-1252" // Western Windows
)

// Encodings returns the names of the encodings that can be read.
func Encodings() []string {
	return []string{UTF8, UTF16LE, UTF16BE, CP949, ShiftJIS, EUCJP, Windows1252}
}

// ParseEncoding returns the encoding that a name, also one that programs use for
// it, stands for. An unknown name is an [exit.Error] with code 2.
func ParseEncoding(name string) (string, error) {
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name)) {
	case "utf8", "utf8bom", "utf8sig":
		return UTF8, nil
	case "utf16", "utf16le":
		return UTF16LE, nil
	case "utf16be":
		return UTF16BE, nil
	case "cp949", "ms949", "windows949", "uhc", "euckr":
		return CP949, nil
	case "shiftjis", "sjis", "cp932", "ms932", "windows31j":
		return ShiftJIS, nil
	case "eucjp":
		return EUCJP, nil
	case "windows1252", "cp1252", "latin1", "iso88591":
		return Windows1252, nil
	}
	return "", exit.Usagef("UNKNOWN_ENCODING", "", "--encoding %q is unknown: use %s", name, strings.ToLower(strings.Join(Encodings(), ", ")))
}

func codec(name string) encoding.Encoding {
	switch name {
	case UTF16LE:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case UTF16BE:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case CP949:
		return korean.EUCKR
	case ShiftJIS:
		return japanese.ShiftJIS
	case EUCJP:
		return japanese.EUCJP
	case Windows1252:
		return charmap.Windows1252
	}
	return unicode.UTF8BOM
}

// decode returns the content as text. What its encoding doesn't know becomes
// U+FFFD.
func decode(content []byte, o Options) (text, name string, err error) {
	marked := mark(content)
	if o.Encoding != "" {
		name, err = ParseEncoding(o.Encoding)
	} else {
		name, err = guess(content, o.Known)
	}
	switch {
	case err != nil:
		return "", "", err
	case marked == "" || marked == name:
	case marked != UTF8 && (name == UTF16LE || name == UTF16BE):
		name = marked // UTF-16 as such is meant
	default:
		return "", "", exit.Usagef("CONTRADICTING_ENCODING", "leave out --encoding", "--encoding %s: the file is marked as %s", o.Encoding, marked)
	}
	text, err = decoded(content, name)
	return text, name, err
}

func decoded(content []byte, name string) (string, error) {
	out, err := codec(name).NewDecoder().Bytes(content)
	if err != nil {
		return "", exit.Failedf("FILE_FORMAT", "", "the file can't be read as %s: %s", name, err)
	}
	return strings.ToValidUTF8(string(out), "\ufffd"), nil
}

// mark returns the encoding that a byte order mark says, or nothing.
func mark(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("\xef\xbb\xbf")):
		return UTF8
	case bytes.HasPrefix(content, []byte("\xff\xfe")):
		return UTF16LE
	case bytes.HasPrefix(content, []byte("\xfe\xff")):
		return UTF16BE
	}
	return ""
}

// guess finds the encoding: byte order mark, the zero bytes of UTF-16, strict
// UTF-8, then whether CP949 or Shift_JIS makes sense and nothing else does. A
// close call is an error.
func guess(content []byte, known func([]string) int) (string, error) {
	if name := mark(content); name != "" {
		return name, nil
	}
	if zeros := bytes.Count(content, []byte{0}); zeros > 0 {
		return wide(content, zeros)
	}
	valid, long := asUTF8(content)
	if valid && long {
		return UTF8, nil
	}
	all := candidates(content, known)
	if valid {
		all = withUTF8(all, content, known)
	}
	return likeliest(all)
}

// likeliest returns the first of several encodings where it makes sense and is some
// hundred times as likely as the others.
func likeliest(all []candidate) (string, error) {
	const margin = 8 // bits
	best, second := all[0], all[1]
	if best.offered && best.sure && second.bits-best.bits >= margin {
		return best.name, nil
	}
	hint := "cp949 (Korean), shift_jis or euc-jp (Japanese) or windows-1252 (Western); or save the file as CSV UTF-8 or .xlsx"
	mayBeUTF8 := slices.ContainsFunc(all, func(c candidate) bool { return c.name == UTF8 })
	if mayBeUTF8 {
		hint = "utf-8, " + hint
	}
	what := "it is no UTF-8, and neither CP949 nor Shift_JIS makes sense"
	switch {
	case second.bits-best.bits >= margin && (best.sure || best.name == Windows1252):
		what = "it looks like " + best.name
	case best.sure && second.sure:
		what = "it may be " + best.name + " or " + second.name
	case mayBeUTF8:
		what = "it may be UTF-8 or another"
	}
	return "", exit.Failedf("ENCODING_UNKNOWN", "name it: --encoding "+hint, "the file's encoding can't be told for sure: %s", what)
}

// wide tells the two orders of UTF-16 by where its zero bytes stand: separators,
// digits and line breaks have one each.
func wide(content []byte, zeros int) (string, error) {
	first := 0 // zeros in front of their character
	for i := 0; i < len(content); i += 2 {
		if content[i] == 0 {
			first++
		}
	}
	const few = 20
	switch {
	case zeros*few < len(content), len(content)%2 != 0:
	case first*few < zeros:
		return UTF16LE, nil
	case (zeros-first)*few < zeros:
		return UTF16BE, nil
	}
	return "", exit.Failedf("FILE_FORMAT", "save it as .xlsx or as CSV UTF-8", "the file has zero bytes in it: it is no text, or damaged")
}

// asUTF8 reports whether a content is UTF-8, and whether more says so than chance:
// it is ASCII, or some character takes three bytes. It lets single bad bytes
// pass, so that the cells with them are named and not the whole file read as
// something else.
func asUTF8(content []byte) (valid, sure bool) {
	good, bad := 0, 0
	for i := 0; i < len(content); {
		if content[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(content[i:])
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		sure = sure || size > 2
		i += size
	}
	const part = 9
	return bad == 0 || good >= part*bad, sure || good+bad == 0
}
