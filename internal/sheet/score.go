package sheet

// candidate is an encoding that a file may have.
type candidate struct {
	name  string
	score float64
}

// judgeEncoding scores how much sense a content makes in an encoding: from -10
// for what it doesn't know to 1 for the commonest letters, on the average, and
// more for each header that is known.
func judgeEncoding(content []byte, name string, known func([]string) int) (candidate, error) {
	text, err := decoded(content, name)
	if err != nil {
		return candidate{}, err
	}
	_, headers := findDelimiter(text, known)
	score := koreanScore
	if name == ShiftJIS {
		score = japaneseScore
	}
	const header = 0.5
	return candidate{name, score(content) + header*float64(max(headers, 0))}, nil
}

// The weight of a character in its encoding.
const (
	letter  = 1.0   // Hangul of KS X 1001, kana
	likely  = 0.7   // kanji of JIS level 1
	rare    = -0.3  // kanji of level 2
	strange = -1.0  // Hangul that only CP949 has; what no keyboard types
	half    = -0.5  // half-width katakana beside other letters
	only    = 0.8   // half-width katakana and nothing else
	invalid = -10.0 // no character at all
)

// koreanScore reads the bytes as CP949.
func koreanScore(b []byte) float64 {
	sum, n := 0.0, 0
	for i := 0; i < len(b); i++ {
		lead := b[i]
		if lead < 0x80 {
			continue
		}
		n++
		if i+1 == len(b) {
			sum += invalid
			break
		}
		trail := b[i+1]
		switch {
		case lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1 && trail < 0xff:
			sum += letter
		case lead >= 0xa1 && lead < 0xff && trail >= 0xa1 && trail < 0xff: // signs and hanja
		case lead >= 0x81 && lead <= 0xc6 && (trail >= 'A' && trail <= 'Z' || trail >= 'a' && trail <= 'z' || trail >= 0x81 && trail < 0xff):
			sum += strange
		default:
			sum += invalid
			continue // the next byte may be a character of its own
		}
		i++
	}
	return average(sum, n)
}

// japaneseScore reads the bytes as Shift_JIS.
func japaneseScore(b []byte) float64 {
	sum, n, halves := 0.0, 0, 0
	for i := 0; i < len(b); i++ {
		lead := b[i]
		switch {
		case lead < 0x80:
			continue
		case lead >= 0xa1 && lead <= 0xdf:
			halves++
			n++
			sum += half
			continue
		}
		n++
		if i+1 == len(b) {
			sum += invalid
			break
		}
		weight := japanesePair(lead, b[i+1])
		sum += weight
		if weight != invalid {
			i++
		}
	}
	if halves == n {
		return only // which Korean may look like too: a close call
	}
	return average(sum, n)
}

func japanesePair(lead, trail byte) float64 {
	switch {
	case trail < 0x40 || trail == 0x7f || trail > 0xfc, lead == 0x80, lead == 0xa0, lead > 0xfc:
		return invalid
	case lead == 0x81, lead == 0x82 && trail < 0x9f: // signs, full-width letters and digits
		return 0
	case lead == 0x82 && trail <= 0xf1, lead == 0x83 && trail <= 0x96:
		return letter
	case lead >= 0x88 && lead <= 0x97, lead == 0x98 && trail < 0x9f:
		return likely
	case lead >= 0x98 && lead <= 0x9f, lead >= 0xe0 && lead <= 0xea, lead >= 0xfa:
		return rare
	}
	return strange
}

func average(sum float64, n int) float64 {
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}
