package api

import (
	"strconv"
	"unicode/utf8"
)

// AppendJSON appends the device as one JSON object without line breaks: the
// contract's fields in the contract's order, each present, a hidden text as
// null. It is what encoding/json writes with HTML escaping off, and allocates
// nothing beyond dst.
func (d *Device) AppendJSON(dst []byte) []byte {
	dst = appendJSONString(append(dst, `{"deviceId":`...), d.DeviceID)
	dst = strconv.AppendInt(append(dst, `,"domainId":`...), int64(d.DomainID), 10)
	dst = appendJSONString(append(dst, `,"type":`...), string(d.Type))
	dst = appendJSONString(append(dst, `,"model":`...), d.Model)
	dst = d.VendorID.appendJSON(append(dst, `,"vendorId":`...))
	dst = d.SerialNumber.appendJSON(append(dst, `,"serialNumber":`...))
	dst = appendJSONString(append(dst, `,"user":{"userId":`...), d.User.UserID)
	dst = appendJSONString(append(dst, `,"email":`...), d.User.Email)
	dst = appendJSONString(append(dst, `,"userName":`...), d.User.UserName)
	dst = appendJSONString(append(dst, `},"os":{"type":`...), string(d.OS.Type))
	dst = appendJSONString(append(dst, `,"version":`...), d.OS.Version)
	dst = appendJSONString(append(dst, `},"app":{"type":`...), string(d.App.Type))
	dst = appendJSONString(append(dst, `,"version":`...), d.App.Version)
	dst = appendJSONString(append(dst, `},"mdm":{"status":`...), string(d.MDM.Status))
	dst = appendJSONString(append(dst, `,"provider":`...), string(d.MDM.Provider))
	dst = appendJSONString(append(dst, `},"lastAccessTime":`...), d.LastAccessTime)
	return append(dst, '}')
}

func (n Nullable) appendJSON(dst []byte) []byte {
	if n == "" {
		return append(dst, "null"...)
	}
	return appendJSONString(dst, string(n))
}

// appendJSONString appends s as encoding/json does without HTML escaping:
// U+2028 and U+2029 escaped, invalid UTF-8 as \ufffd.
func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			dst = appendEscape(append(dst, s[start:i]...), c)
			i++
			start = i
			continue
		}
		c, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			dst = append(append(dst, s[start:i]...), `\ufffd`...)
			start = i + size
		case c == '\u2028' || c == '\u2029':
			dst = append(append(dst, s[start:i]...), `\u202`...)
			dst = append(dst, "89"[c-'\u2028'])
			start = i + size
		}
		i += size
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
