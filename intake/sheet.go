package intake

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// byteOrderMark is what some spreadsheets write before the first header.
const byteOrderMark = "\uFEFF"

// sheet reads one CSV file row by row.
type sheet struct {
	name   string
	file   fs.File
	csv    *csv.Reader
	header []string
	// report takes what is wrong with the file's form.
	report func(Problem)
}

// openSheet opens a file and reads its header, which must name exactly the columns wanted, in any order. It
// returns nil after reporting why it could not.
func openSheet(dir fs.FS, name string, columns []string, report func(Problem)) *sheet {
	file, err := dir.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		report(Problem{File: name, Detail: "the file is missing; if it has no rows, keep its header: " + strings.Join(columns, ",")})
		return nil
	}
	if err != nil {
		report(Problem{File: name, Detail: fmt.Sprintf("the file cannot be opened: %v", err)})
		return nil
	}
	buffered := bufio.NewReaderSize(file, 1<<16)
	if mark, err := buffered.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		_, _ = buffered.Discard(len(byteOrderMark)) // What was peeked can be discarded.
	}
	s := &sheet{name: name, file: file, csv: csv.NewReader(buffered), report: report}
	s.csv.FieldsPerRecord = -1
	s.csv.ReuseRecord = true
	if !s.readHeader(columns) {
		s.close()
		return nil
	}
	return s
}

func (s *sheet) close() { _ = s.file.Close() } // It was only read.

func (s *sheet) readHeader(columns []string) bool {
	header, err := s.csv.Read()
	if errors.Is(err, io.EOF) {
		s.report(Problem{File: s.name, Detail: "the file is empty; its first line must be: " + strings.Join(columns, ",")})
		return false
	}
	if err != nil {
		s.broken(err)
		return false
	}
	s.header = slices.Clone(header)
	good := true
	for i, name := range s.header {
		switch {
		case !slices.Contains(columns, name):
			s.at(i, fmt.Sprintf("column %q is unknown; the columns are %s", name, strings.Join(columns, ",")))
			good = false
		case slices.Contains(s.header[:i], name):
			s.at(i, fmt.Sprintf("column %q is given twice", name))
			good = false
		}
	}
	for _, name := range columns {
		if !slices.Contains(s.header, name) {
			s.report(Problem{File: s.name, Line: 1, Column: 1, Detail: fmt.Sprintf("column %q is missing", name)})
			good = false
		}
	}
	return good
}

// next returns the next readable row, valid until the call after; ok is false at the end. Rows that are no CSV or
// have another number of fields than the header are reported and left out.
func (s *sheet) next() (fields []string, ok bool) {
	for {
		fields, err := s.csv.Read()
		var syntax *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil, false
		case errors.As(err, &syntax):
			s.broken(err)
		case err != nil:
			s.broken(err)
			return nil, false
		case len(fields) != len(s.header):
			s.at(0, fmt.Sprintf("the row has %s, the header %d", counted(len(fields), "field"), len(s.header)))
		default:
			return fields, true
		}
	}
}

// at reports a problem of one field of the row that was read last.
func (s *sheet) at(field int, detail string) {
	line, column := s.csv.FieldPos(field)
	s.report(Problem{File: s.name, Line: line, Column: column, Detail: detail})
}

func (s *sheet) broken(err error) {
	var syntax *csv.ParseError
	if !errors.As(err, &syntax) {
		s.report(Problem{File: s.name, Detail: fmt.Sprintf("the file cannot be read: %v", err)})
		return
	}
	detail := "a quote stands where none may: put the whole field in quotes and double the quotes inside"
	if errors.Is(syntax.Err, csv.ErrQuote) {
		detail = "a quoted field is not closed, or something follows its closing quote"
	}
	at := Problem{File: s.name, Line: syntax.Line, Column: syntax.Column, Detail: detail}
	if syntax.StartLine < syntax.Line {
		at.Line, at.Column = syntax.StartLine, 1 // An open quote swallows the rest of the file; it was opened here.
	}
	s.report(at)
}
