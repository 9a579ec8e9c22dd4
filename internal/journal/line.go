package journal

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/worksctl/worksctl/pkg/api"
)

// A journal is a file of JSON lines. The frozen list comes first:
//
//	{"job":{…}}
//	{"item":0,"device":{…}}
//	{"item":1,"device":{…},"status":"refused","code":…,"detail":…}
//	{"items":2,"sha256":"…"}
//
// with the checksum of all bytes before, so that a device changed on disk is
// never acted on. Then follow, each line flushed before the next:
//
//	{"run":{"pid":…,"host":…,"since":…}}
//	{"status":"sending","key":"…","time":"…","of":[0,1]}
//	{"outcomes":[{"status":"sent",…,"of":[0]},{"status":"failed",…,"of":[1]}]}

type jobLine struct {
	Job *Job `json:"job"`
}

type closingLine struct {
	Items  int    `json:"items"`
	SHA256 string `json:"sha256"`
}

type runLine struct {
	Run Holder `json:"run"`
}

type outcomesLine struct {
	Outcomes []settlement `json:"outcomes"`
}

// settlement is a [Settlement] as it is written.
type settlement struct {
	Outcome
	Of []int `json:"of"`
}

// event is any of the lines after the frozen list.
type event struct {
	Run        *Holder      `json:"run"`
	Outcomes   []settlement `json:"outcomes"`
	settlement `json:",inline"`
}

// groups returns what the line says of items, and whether it says one thing.
func (e *event) groups() ([]settlement, bool) {
	single := e.Status != "" || e.Of != nil
	switch {
	case e.Run != nil:
		return nil, e.Outcomes == nil && !single
	case single:
		return []settlement{e.settlement}, e.Outcomes == nil
	default:
		return e.Outcomes, e.Outcomes != nil
	}
}

func appendLine(dst []byte, v any) ([]byte, error) {
	// Texts of a back end may hold anything.
	line, err := json.Marshal(v, jsontext.AllowInvalidUTF8(true), json.Deterministic(true))
	if err != nil {
		return dst, err
	}
	return append(append(dst, line...), '\n'), nil
}

// parse is strict: what a later version adds may not be passed over.
func parse(line []byte, v any) error {
	return json.Unmarshal(line, v, json.RejectUnknownMembers(true))
}

const itemPrefix = `{"item":`

func appendItem(dst []byte, index int, d *api.Device, o *Outcome) ([]byte, error) {
	dst = strconv.AppendInt(append(dst, itemPrefix...), int64(index), 10)
	dst = d.AppendJSON(append(dst, `,"device":`...))
	if *o == (Outcome{Status: Planned}) {
		return append(dst, "}\n"...), nil
	}
	from := len(dst)
	dst, err := appendLine(dst, o)
	if err == nil {
		dst[from] = ',' // in place of the outcome's opening brace
	}
	return dst, err
}

// splitItem takes an item's line apart without decoding it. rest is how its
// outcome is written, or empty for one that is just planned.
func splitItem(line []byte, index int) (device, rest []byte, err error) {
	head := strconv.AppendInt([]byte(itemPrefix), int64(index), 10)
	head = append(head, `,"device":`...)
	device, ok := bytes.CutPrefix(line, head)
	if !ok || len(device) == 0 || device[0] != '{' {
		return nil, nil, fmt.Errorf("item %d is expected", index)
	}
	if device, ok := bytes.CutSuffix(device, []byte("}}")); ok { // every field of an outcome is a text
		return device[:len(device)+1], nil, nil
	}
	// A quote within a text is escaped, so this is found at the outcome only.
	at := bytes.LastIndex(device, []byte(`},"status":"`))
	if at < 0 {
		return nil, nil, fmt.Errorf("item %d has neither an end nor an outcome", index)
	}
	return device[:at+1], device[at+2:], nil
}

// parseRest decodes what splitItem returned as rest.
func parseRest(rest []byte) (*Outcome, error) {
	o := &Outcome{Status: Planned}
	if len(rest) == 0 {
		return o, nil
	}
	err := parse(append([]byte{'{'}, rest...), o)
	return o, err
}
