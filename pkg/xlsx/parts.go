package xlsx

import "strings"

// Names of the parts that a [Writer] makes.
const (
	partTypes    = "[Content_Types].xml"
	partRootRels = "_rels/.rels"
	partWorkbook = "xl/workbook.xml"
	partBookRels = "xl/_rels/workbook.xml.rels"
	partStyles   = "xl/styles.xml"
	partSheet    = "xl/worksheets/sheet1.xml"
)

const (
	xmlHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNS   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relNS    = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	relTypes = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	ooxml    = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
)

const typesXML = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/` + partWorkbook + `" ContentType="` + ooxml + `sheet.main+xml"/>` +
	`<Override PartName="/` + partStyles + `" ContentType="` + ooxml + `styles+xml"/>` +
	`<Override PartName="/` + partSheet + `" ContentType="` + ooxml + `worksheet+xml"/></Types>`

const rootRelsXML = xmlHead + `<Relationships ` + relNS + `>` +
	`<Relationship Id="rId1" Type="` + relTypes + `/officeDocument" Target="` + partWorkbook + `"/></Relationships>`

const bookRelsXML = xmlHead + `<Relationships ` + relNS + `>` +
	`<Relationship Id="rId1" Type="` + relTypes + `/worksheet" Target="worksheets/sheet1.xml"/>` +
	`<Relationship Id="rId2" Type="` + relTypes + `/styles" Target="styles.xml"/></Relationships>`

// Number format 49 is text, "@": a cell with it stays text when a person edits
// it. Cell style 0 is the default, 1 is text, 2 is text in bold.
const stylesXML = xmlHead + `<styleSheet ` + mainNS + `>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>` +
	`<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

// The element dimension is optional and left out: it would stand before the
// rows, whose number is known only after them.
const sheetHead = xmlHead + `<worksheet ` + mainNS + `><sheetViews><sheetView tabSelected="1" workbookViewId="0">` +
	`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>` +
	`<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`

// workbookXML names the sheet and, for programs that look there, the cells that
// its filter covers, from $A$1 to last; none if last is empty.
func workbookXML(sheet, last string) []byte {
	b := []byte(xmlHead + `<workbook ` + mainNS + ` xmlns:r="` + relTypes + `"><bookViews><workbookView/></bookViews><sheets><sheet name="`)
	b = appendAttribute(b, sheet)
	b = append(b, `" sheetId="1" r:id="rId1"/></sheets>`...)
	if last != "" {
		b = append(b, `<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'`...)
		b = appendEscaped(b, strings.ReplaceAll(sheet, "'", "''"))
		b = append(b, "'!$A$1:"+last+`</definedName></definedNames>`...)
	}
	return append(b, `</workbook>`...)
}

func appendAttribute(dst []byte, s string) []byte {
	return append(dst, strings.ReplaceAll(string(appendEscaped(nil, s)), `"`, "&quot;")...)
}
