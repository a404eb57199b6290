package register

func (c *checker) checkCentres() {
	for i, centre := range c.set.Centres {
		r := c.row(Centres, i)
		if len(centre.Number) != 5 || !digits(centre.Number) {
			r.fault("number", "%q is not a centre number of five digits", centre.Number)
		}
		r.checkFilled("name", centre.Name)
		r.checkOneOf("nation", centre.Nation, "england", "wales", "northern-ireland", "scotland", "other")
		unique(r, c.index.centres, centre.Number, "number", "centre "+centre.Number)
		if _, ok := c.index.officers[centre.Number]; !ok {
			r.faultBy([]Noun{Contacts}, "number", "centre %s has no exams officer in %s, so nobody would get its letters", centre.Number, Contacts)
		}
	}
}

func (c *checker) checkContacts() {
	for i, contact := range c.set.Contacts {
		r := c.row(Contacts, i)
		r.checkCode("subject", contact.Subject)
		r.checkFilled("name", contact.Name)
		r.checkEmail("email", contact.Email)
		unique(r, c.index.contacts, [2]string{contact.Centre, contact.Subject}, "subject", contact.Subject)
		known(r, c.index.centres, contact.Centre, Centres, "centre", "centre "+contact.Centre)
	}
}

func (c *checker) checkCandidates() {
	for i, candidate := range c.set.Candidates {
		r := c.row(Candidates, i)
		if len(candidate.Number) != 4 || !digits(candidate.Number) {
			r.fault("number", "%q is not a candidate number of four digits", candidate.Number)
		}
		r.checkFilled("name", candidate.Name)
		if err := CheckUCI(candidate.UCI); err != nil {
			r.fault("uci", "%s", err)
		}
		unique(r, c.index.candidates, candidateKey{candidate.Centre, candidate.Number}, "number", "candidate "+candidate.Centre+"/"+candidate.Number)
		unique(r, c.index.ucis, candidate.Centre+candidate.UCI, "uci", "UCI "+candidate.UCI)
		known(r, c.index.centres, candidate.Centre, Centres, "centre", "centre "+candidate.Centre)
	}
}

func (c *checker) checkConflicts() {
	for i, conflict := range c.set.Conflicts {
		r := c.row(Conflicts, i)
		r.checkOneOf("kind", conflict.Kind, "works-at", "worked-at", "related-to", "other")
		known(r, c.index.performers, conflict.Performer, Performers, "performer", conflict.Performer)
		unique(r, c.index.conflicts, conflict, "performer", "this conflict of "+conflict.Performer)
		if conflict.Centre == "" {
			r.fault("centre", "the conflict of %s names nobody: give a centre, or a centre and a candidate", conflict.Performer)
			continue
		}
		known(r, c.index.centres, conflict.Centre, Centres, "centre", "centre "+conflict.Centre)
		if conflict.Candidate != "" {
			known(r, c.index.candidates, candidateKey{conflict.Centre, conflict.Candidate}, Candidates, "candidate", "candidate "+conflict.Centre+"/"+conflict.Candidate)
		} else if conflict.Kind == "related-to" {
			r.fault("candidate", "%s is related to somebody at centre %s, but the row does not say to whom", conflict.Performer, conflict.Centre)
		}
	}
}

// checkApprovers demands approvers who can be asked. Whether a body needs one is its own affair: without, it holds nothing.
func (c *checker) checkApprovers() {
	for i, approver := range c.set.Approvers {
		r := c.row(Approvers, i)
		r.checkCode("id", approver.ID)
		known(r, c.index.bodies, approver.Body, Bodies, "body", approver.Body)
		unique(r, c.index.approvers, [2]string{approver.Body, approver.ID}, "id", approver.ID+" of "+approver.Body)
		r.checkFilled("name", approver.Name)
		r.checkEmail("email", approver.Email)
	}
}
