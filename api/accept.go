package api

import (
	"fmt"
	"mime"
	"strconv"
	"strings"
)

// preferred picks the form that an Accept header likes best (RFC 9110, §12.5.1): the most specific range that names a
// form decides about it, and of forms that are liked alike the first is taken. Without a header that is the first of
// all. Ranges that cannot be read are passed over.
func preferred(accept string, forms ...string) (string, error) {
	if strings.TrimSpace(accept) == "" {
		return forms[0], nil
	}
	best, liking := "", 0.0
	for _, form := range forms {
		if q := quality(accept, form); q > liking {
			best, liking = form, q
		}
	}
	if best == "" {
		return "", newProblem("not-acceptable", fmt.Sprintf("This address answers with %s, and Accept allows none of these.", strings.Join(forms, " or ")))
	}
	return best, nil
}

// quality is how much an Accept header likes a form, 0 for not at all.
func quality(accept, form string) float64 {
	kind, _, _ := strings.Cut(form, "/")
	specific, q := 0, 0.0
	for text := range strings.SplitSeq(accept, ",") {
		media, parameters, err := mime.ParseMediaType(text)
		if err != nil {
			continue
		}
		found := map[string]int{"*/*": 1, kind + "/*": 2, form: 3}[media]
		if found > specific {
			specific, q = found, weight(parameters["q"])
		}
	}
	return q
}

func weight(q string) float64 {
	if q == "" {
		return 1
	}
	value, err := strconv.ParseFloat(q, 64)
	if err != nil || value < 0 || value > 1 {
		return 0
	}
	return value
}
