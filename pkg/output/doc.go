// Package output writes rows as tables, CSV, JSON, YAML and spreadsheets.
//
// Rows have any type T. What is shown of them is data, a list of [Column]
// values; how it is shown is a [Sink]. A sink streams: it holds back no more
// than a buffer, a block of table rows or, where a program asks for it, one
// array.
//
// There are three kinds of output. Data for machines (csv, json, ndjson, yaml)
// leaves values untouched. Text for people (table) passes through [Clean], so
// that no value reaches a terminal as a control sequence. Files for people
// (xlsx, excel CSV) pass through [CellText], carry a key column ([RowKey]) and,
// in CSV, a guard against formulas ([Guard]).
package output
