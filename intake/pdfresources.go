package intake

import (
	"encoding/hex"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// implicit are the colour spaces that a content uses without naming them.
var implicit = []string{"DefaultGray", "DefaultRGB", "DefaultCMYK"}

// resourcesOf returns what a content uses of its resources. Many programs give all pages of a file one dictionary
// of resources: copied whole, it would bring the pictures of the cover page along.
func resourcesOf(from *model.XRefTable, resources types.Dict, content []byte) (types.Dict, error) {
	used := map[string]bool{}
	for _, name := range implicit {
		used[name] = true
	}
	addNames(used, content)
	if err := addFormNames(from, resources, used); err != nil {
		return nil, err
	}
	kept := types.Dict{}
	for kind, value := range resources {
		object, err := from.Dereference(value)
		if err != nil {
			return nil, fmt.Errorf("read the resources' %s: %w", kind, err)
		}
		named, ok := object.(types.Dict)
		if !ok {
			kept[kind] = value
			continue
		}
		entries := types.Dict{}
		for name, entry := range named {
			if used[name] {
				entries[name] = entry
			}
		}
		kept[kind] = entries
	}
	return kept, nil
}

// addFormNames adds the names in forms that have no resources of their own and use those of their page.
func addFormNames(from *model.XRefTable, resources types.Dict, used map[string]bool) error {
	value, ok := resources.Find("XObject")
	if !ok {
		return nil
	}
	forms, err := from.DereferenceDict(value)
	if err != nil {
		return fmt.Errorf("read the resources' XObject: %w", err)
	}
	read := map[string]bool{}
	for again := true; again; {
		again = false
		for name, entry := range forms {
			if !used[name] || read[name] {
				continue
			}
			read[name], again = true, true
			form, _, err := from.DereferenceStreamDict(entry)
			if err != nil {
				return fmt.Errorf("read form %s: %w", name, err)
			}
			if form == nil || !draws(*form) {
				continue
			}
			if _, own := form.Find("Resources"); own {
				continue
			}
			if err := form.Decode(); err != nil {
				return fmt.Errorf("decode form %s: %w", name, err)
			}
			addNames(used, form.Content)
		}
	}
	return nil
}

// addNames adds every name that stands in a content, as written and with its #-escapes read.
func addNames(used map[string]bool, content []byte) {
	for at := 0; at < len(content); at++ {
		if content[at] != '/' {
			continue
		}
		end := at + 1
		for end < len(content) && regular(content[end]) {
			end++
		}
		name := string(content[at+1 : end])
		used[name], used[unescaped(name)] = true, true
		at = end - 1
	}
}

// regular says whether a byte may stand inside a name.
func regular(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return false
	}
	return c > ' '
}

func unescaped(name string) string {
	var out []byte
	for i := 0; i < len(name); i++ {
		if name[i] == '#' && i+2 < len(name) {
			if c, err := hex.DecodeString(name[i+1 : i+3]); err == nil {
				out = append(out, c[0])
				i += 2
				continue
			}
		}
		out = append(out, name[i])
	}
	return string(out)
}
