package specimen

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/register"
)

// Files makes every file of the demonstration folder, by its path in it.
func Files() (map[string][]byte, error) {
	d, err := newData()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	if err := d.addTables(files); err != nil {
		return nil, err
	}
	if err := d.addPapers(files); err != nil {
		return nil, err
	}
	if err := d.addScripts(files); err != nil {
		return nil, err
	}
	return files, nil
}

// data is everything that the files say.
type data struct {
	candidates []candidate
	// questions holds each component's items.
	questions map[string][]question
	// sittings are all component results, in the order of candidates.
	sittings []sitting
	awards   []register.Award
}

// sitting is one candidate in one component; a moderated one has no answers.
type sitting struct {
	register.Result

	candidate candidate
	component register.Component
	answers   []answer
}

func newData() (*data, error) {
	candidates, err := readCandidates()
	if err != nil {
		return nil, err
	}
	stories, err := readStories()
	if err != nil {
		return nil, err
	}
	d := &data{candidates: candidates, questions: map[string][]question{}}
	for _, component := range components() {
		if component.Assessment == register.Moderated {
			continue // The centre marks it: there is no paper.
		}
		if d.questions[component.ID], err = readQuestions(component.ID, component.Objective); err != nil {
			return nil, err
		}
	}
	for _, c := range candidates {
		for _, m := range c.marks {
			if err := d.sit(c, m, stories); err != nil {
				return nil, err
			}
		}
		d.award(c)
	}
	return d, nil
}

func (d *data) sit(c candidate, m componentMark, stories map[string]story) error {
	for _, component := range components() {
		if component.ID != m.component {
			continue
		}
		s := sitting{candidate: c, component: component, Result: register.Result{
			ResultKey: register.ResultKey{Centre: c.centre, Candidate: c.number, Series: seriesID, Component: component.ID},
			Mark:      m.mark, Indicator: m.indicator,
		}}
		if component.Assessment == register.External {
			var err error
			if s.answers, err = answers(d.questions[component.ID], s.ResultKey, m.mark, stories); err != nil {
				return err
			}
		}
		d.sittings = append(d.sittings, s)
		return nil
	}
	return fmt.Errorf("candidate %s sits %s, which does not exist", c.number, m.component)
}

// award grades every qualification that a candidate sat.
func (d *data) award(c candidate) {
	for _, q := range qualifications() {
		facts, shown := grading.Award{Unitised: q.Unitised}, register.Settled
		for _, b := range boundaries() {
			if b.Qualification == q.ID {
				facts.Boundaries = append(facts.Boundaries, grading.Boundary{Grade: b.Grade, Mark: b.Mark})
			}
		}
		for _, component := range components() {
			for _, m := range c.marks {
				if component.Qualification == q.ID && component.ID == m.component {
					if m.indicator == register.Pending {
						shown = register.Pending // A grade is no more final than the marks that make it.
					}
					facts.Components = append(facts.Components, grading.Component{Code: component.ID, Before: m.mark, After: m.mark, Weight: component.Weight})
				}
			}
		}
		if len(facts.Components) == 0 {
			continue
		}
		settled := grading.Settle(facts)
		d.awards = append(d.awards, register.Award{
			Entry: register.Entry{Centre: c.centre, Candidate: c.number, Series: seriesID, Qualification: q.ID},
			Total: settled.TotalBefore, Grade: settled.GradeBefore, Indicator: shown,
		})
	}
}
