package demo

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// ink colours text where a terminal shows it, and nowhere else.
type ink bool

func (i ink) paint(code, text string) string {
	if !i || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (i ink) bold(text string) string  { return i.paint("1", text) }
func (i ink) faint(text string) string { return i.paint("2", text) }
func (i ink) green(text string) string { return i.paint("32", text) }
func (i ink) red(text string) string   { return i.paint("31", text) }

// moment is how an instant is shown, in London's time.
func moment(at time.Time) string {
	if at.IsZero() {
		return "never"
	}
	return london(at).Format("Mon 2 Jan 2006 15:04:05")
}

// pounds writes whole pence as money.
func pounds(pence int64) string { return fmt.Sprintf("£%d.%02d", pence/100, pence%100) }

// table writes columns under a title. Columns are as wide as their longest cell; the last one runs free.
func table(out io.Writer, i ink, title string, head []string, rows [][]string) {
	widths := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for n, cell := range row {
			widths[n] = max(widths[n], utf8.RuneCountInString(cell))
		}
	}
	fmt.Fprintf(out, "\n%s\n", i.bold(title))
	fmt.Fprintln(out, i.faint(line(head, widths)))
	for _, row := range rows {
		fmt.Fprintln(out, line(row, widths))
	}
	if len(rows) == 0 {
		fmt.Fprintln(out, "  none")
	}
}

func line(row []string, widths []int) string {
	var text strings.Builder
	for n, cell := range row {
		text.WriteString("  " + cell)
		if n < len(row)-1 {
			text.WriteString(strings.Repeat(" ", widths[n]-utf8.RuneCountInString(cell)))
		}
	}
	return text.String()
}
