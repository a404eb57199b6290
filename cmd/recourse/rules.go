package main

import (
	"errors"
	"slices"

	"github.com/alecthomas/kong"
)

// aboutRules reports whether a command line could not be read below "rules". Those commands answer other programs too,
// so they refuse with one sentence on standard error, and never with the usage on standard output.
func aboutRules(err error) bool {
	var unread *kong.ParseError
	return errors.As(err, &unread) && unread.Context != nil && slices.ContainsFunc(unread.Context.Path, func(p *kong.Path) bool {
		return p.Command != nil && p.Command.Name == "rules"
	})
}
