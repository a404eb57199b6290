package register

func (c *checker) checkEntries() {
	for i, entry := range c.set.Entries {
		r := c.row(Entries, i)
		unique(r, c.index.entries, entry, "qualification", "this entry of "+entry.Centre+"/"+entry.Candidate)
		known(r, c.index.candidates, candidateKey{entry.Centre, entry.Candidate}, Candidates, "candidate", "candidate "+entry.Centre+"/"+entry.Candidate)
		known(r, c.index.series, entry.Series, SeriesList, "series", entry.Series)
		known(r, c.index.qualifications, entry.Qualification, Qualifications, "qualification", entry.Qualification)
	}
}

func (c *checker) checkResults() {
	for i, result := range c.set.Results {
		r := c.row(Results, i)
		unique(r, c.index.results, result.ResultKey, "component", "the result of "+result.String())
		known(r, c.index.series, result.Series, SeriesList, "series", result.Series)
		if !known(r, c.index.candidates, candidateKey{result.Centre, result.Candidate}, Candidates, "candidate", "candidate "+result.Centre+"/"+result.Candidate) {
			continue
		}
		if !known(r, c.index.components, result.Component, Components, "component", result.Component) {
			continue
		}
		component := c.set.Components[c.index.components[result.Component]]
		entry := Entry{result.Centre, result.Candidate, result.Series, component.Qualification}
		if _, ok := c.index.entries[entry]; !ok {
			r.faultBy([]Noun{Entries, Components}, "component", "candidate %s/%s has no entry for %s", result.Centre, result.Candidate, component.Qualification)
		}
		c.checkModerated(r, result.cohort(), component)
		c.checkMark(r, result, component)
	}
}

// checkModerated demands to know how a cohort was moderated; the fault stands at the cohort's first result.
func (c *checker) checkModerated(r row, cohort CohortKey, component Component) {
	if component.Assessment != Moderated || c.index.cohorts[cohort] != r.index {
		return
	}
	if _, ok := c.index.moderations[cohort]; !ok {
		r.faultBy([]Noun{Components, Moderations}, "component", "%s is moderated, but the moderation of %s is not in %s", component.ID, cohort, Moderations)
	}
}

// checkMark compares a result with its component's maximum, its indicator and its item marks.
func (c *checker) checkMark(r row, result Result, component Component) {
	r.checkIndicator(result.Indicator)
	if result.Mark < 0 {
		r.fault("mark", "mark %d is below 0", result.Mark)
		return
	}
	if result.Mark > component.MaxMark {
		r.faultBy([]Noun{Components}, "mark", "mark %d is above the component's maximum of %d", result.Mark, component.MaxMark)
		return
	}
	paper := paperKey{result.Series, result.Component}
	items, marked := c.index.paperItems[paper], c.index.markedItems[result.ResultKey]
	switch sum := c.index.marked[result.ResultKey]; {
	case result.Indicator == NoResult:
		c.checkNothing(r, result, marked)
	case items == 0 && component.Assessment == Moderated:
		// The centre marked it by criteria of its own.
	case items == 0:
		r.faultBy([]Noun{Items}, "component", "%s has no items in %s", result.Component, Items)
	case marked != items:
		r.faultBy([]Noun{Items, ItemMarks}, "component", "%d of the %d items are marked in %s", marked, items, ItemMarks)
	case sum != result.Mark:
		r.faultBy([]Noun{ItemMarks}, "mark", "mark %d is not the sum of the item marks, which is %d", result.Mark, sum)
	}
}

// checkNothing demands that nothing was marked where there is no result.
func (c *checker) checkNothing(r row, result Result, marked int) {
	if result.Mark != 0 {
		r.fault("mark", "mark %d stands beside %s, which says that there is no result", result.Mark, NoResult)
	}
	if marked != 0 {
		r.faultBy([]Noun{ItemMarks}, "indicator", "%s says that there is no result, but items are marked in %s", NoResult, ItemMarks)
	}
}

func (r row) checkIndicator(indicator Indicator) {
	if indicator != Settled {
		r.checkOneOf("indicator", string(indicator), string(NoResult), string(PartlyAbsent), string(Pending))
	}
}

func (c *checker) checkItemMarks() {
	for i, mark := range c.set.ItemMarks {
		r := c.row(ItemMarks, i)
		r.checkFilled("marker", mark.Marker)
		if at := c.index.itemMarks[itemMarkKey{mark.ResultKey, mark.Item}]; at != i {
			r.fault("item", "item %s of %s is given twice, first in row %d", mark.Item, mark.String(), at+1)
		}
		if _, ok := c.index.results[mark.ResultKey]; !ok {
			r.faultBy([]Noun{Results}, "component", "the result of %s is not in %s", mark.String(), Results)
		}
		at, ok := c.index.items[itemKey{paperKey{mark.Series, mark.Component}, mark.Item}]
		if !ok {
			r.faultBy([]Noun{Items}, "item", "%s has no item %s in %s", mark.Component, mark.Item, Items)
			continue
		}
		if highest := c.set.Items[at].Max; mark.Mark < 0 || mark.Mark > highest {
			r.faultBy([]Noun{Items}, "mark", "mark %d is not between 0 and the item's maximum of %d", mark.Mark, highest)
		}
	}
}

func (c *checker) checkScripts() {
	for i, script := range c.set.Scripts {
		r := c.row(Scripts, i)
		r.checkFilled("file", script.Path)
		unique(r, c.index.scripts, script.ResultKey, "component", "the script of "+script.String())
		if _, ok := c.index.results[script.ResultKey]; !ok {
			r.faultBy([]Noun{Results}, "component", "the result of %s is not in %s", script.String(), Results)
		}
	}
}
