package specimen

import (
	"embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/recourse-exams/recourse/casework/register"
)

// content holds what was written by hand: the questions, the candidates and their marks.
//
//go:embed content/*.txt
var content embed.FS

// lines reads a source file as rows of fields that are separated by bars; what begins with # is a comment.
func lines(name string, fields int) ([][]string, error) {
	body, err := content.ReadFile("content/" + name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var rows [][]string
	for number, line := range strings.Split(string(body), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		row := split(line, "|")
		if len(row) != fields {
			return nil, fmt.Errorf("%s:%d has %d fields instead of %d", name, number+1, len(row), fields)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func split(s, separator string) []string {
	parts := strings.Split(s, separator)
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
	}
	return parts
}

// question is one item of a paper with its scheme and what candidates write.
type question struct {
	item   string
	max    int
	text   string
	points []string
	// steps are the parts of a full answer, one for each mark; wrong earns nothing.
	steps []string
	wrong string
	// options and key are set in a multiple-choice test instead.
	options []string
	key     string
}

func readQuestions(component string, objective bool) ([]question, error) {
	fields := 6
	if objective {
		fields = 5
	}
	rows, err := lines(component+".txt", fields)
	if err != nil {
		return nil, err
	}
	var questions []question
	for _, row := range rows {
		highest, err := strconv.Atoi(row[1])
		if err != nil {
			return nil, fmt.Errorf("%s item %s: the marks are %q", component, row[0], row[1])
		}
		q := question{item: row[0], max: highest, text: row[2]}
		if objective {
			q.options, q.key = split(row[3], ";"), row[4]
		} else {
			q.points, q.steps, q.wrong = split(row[3], ";"), split(row[4], ";"), row[5]
		}
		if !objective && (len(q.points) != q.max || len(q.steps) != q.max) {
			return nil, fmt.Errorf("%s item %s carries %d marks, but has %d points and %d steps", component, q.item, q.max, len(q.points), len(q.steps))
		}
		questions = append(questions, q)
	}
	return questions, nil
}

// candidate is one person with the raw mark of each component taken.
type candidate struct {
	centre string
	number string
	name   string
	marks  []componentMark
}

type componentMark struct {
	component string
	mark      int
	indicator register.Indicator
}

func readCandidates() ([]candidate, error) {
	rows, err := lines("candidates.txt", 3)
	if err != nil {
		return nil, err
	}
	var candidates []candidate
	for _, row := range rows {
		centre, number, _ := strings.Cut(row[0], " ")
		c := candidate{centre: centre, number: number, name: row[1]}
		for _, part := range strings.Fields(row[2]) {
			component, text, _ := strings.Cut(part, "=")
			text, pending := strings.CutSuffix(text, string(register.Pending))
			mark, err := strconv.Atoi(text)
			if err != nil {
				return nil, fmt.Errorf("candidate %s: %q is not a mark", row[0], part)
			}
			m := componentMark{component: component, mark: mark}
			if pending {
				m.indicator = register.Pending
			}
			c.marks = append(c.marks, m)
		}
		candidates = append(candidates, c)
	}
	return candidates, nil
}

// story fixes one item's mark: given is what the candidate got, deserved what the script shows.
type story struct {
	given    int
	deserved int
}

func readStories() (map[string]story, error) {
	rows, err := lines("stories.txt", 5)
	if err != nil {
		return nil, err
	}
	stories := map[string]story{}
	for _, row := range rows {
		given, err := strconv.Atoi(row[3])
		if err != nil {
			return nil, fmt.Errorf("the story of %s: %q is not a mark", row[0], row[3])
		}
		deserved, err := strconv.Atoi(row[4])
		if err != nil {
			return nil, fmt.Errorf("the story of %s: %q is not a mark", row[0], row[4])
		}
		centre, number, _ := strings.Cut(row[0], " ")
		stories[itemKey(centre, number, row[1], row[2])] = story{given, deserved}
	}
	return stories, nil
}

func itemKey(centre, number, component, item string) string {
	return strings.Join([]string{centre, number, component, item}, "/")
}
