package register

func (c *checker) checkModerations() {
	for i, moderation := range c.set.Moderations {
		r := c.row(Moderations, i)
		unique(r, c.index.moderations, moderation.CohortKey, "component", "the moderation of "+moderation.String())
		known(r, c.index.centres, moderation.Centre, Centres, "centre", "centre "+moderation.Centre)
		known(r, c.index.series, moderation.Series, SeriesList, "series", moderation.Series)
		r.checkOneOf("sample", string(moderation.Sample), string(SampleHeld), string(SampleReturned), string(SampleLost))
		r.checkFilled("moderator", moderation.Moderator)
		if moderation.Checker != "" && moderation.Checker == moderation.Moderator {
			r.fault("checker", "%s cannot have checked their own moderation", moderation.Checker)
		}
		if known(r, c.index.components, moderation.Component, Components, "component", moderation.Component) {
			c.checkCohort(r, moderation.CohortKey)
		}
	}
}

// checkCohort demands that there was something to moderate.
func (c *checker) checkCohort(r row, cohort CohortKey) {
	if component := c.set.Components[c.index.components[cohort.Component]]; component.Assessment == External {
		r.faultBy([]Noun{Components}, "component", "%s is marked by the awarding body, so there is nothing to moderate", cohort.Component)
	}
	if _, ok := c.index.cohorts[cohort]; !ok {
		r.faultBy([]Noun{Results}, "component", "%s has no result in %s", cohort, Results)
	}
}
