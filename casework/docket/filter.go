package docket

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// Scope is what a person may read. It goes into the query itself, so that what is out of scope does not
// exist for the person.
type Scope struct {
	// Centre limits to one centre; empty means every centre.
	Centre string
	// Families limits to the qualification families of the person's roles; empty means every family.
	Families []casework.Family
}

// TaskFilter narrows a performer's list of tasks.
type TaskFilter struct {
	// Assignee is the performer's subject and always set. Of the pool it is who looks: they see what they may claim.
	Assignee string
	// Pool lists the tasks that wait and that the person may claim, Team those that the person's team holds; at most
	// one of them is set.
	Pool bool
	Team bool
	// At is when the person looks, in UTC: the pool is that of its London day. The other lists do without.
	At time.Time
	// State narrows to one state; empty means every state.
	State casework.TaskState
	// AfterDue and AfterID are the keyset cursor: the last task of the page before, ordered by due and id.
	AfterDue time.Time
	AfterID  casework.TaskID
	Limit    int
}

// FeeFilter narrows a list of fee lines, newest first by id.
type FeeFilter struct {
	Scope     Scope
	Reference casework.Reference
	// BeforeID is the keyset cursor: the id of the last line of the page before; zero for the first page.
	BeforeID int64
	Limit    int
}

// InvoiceFilter narrows a list of invoices, newest first by number.
type InvoiceFilter struct {
	// Scope limits to one centre's invoices, and within them to the lines of the person's families.
	Scope Scope
	// BeforeNumber is the keyset cursor: the number of the last invoice of the page before.
	BeforeNumber string
	Limit        int
}

// Upload is a file that a performer announced for a task; it counts only once it is verified.
type Upload struct {
	ID     int64
	Key    string
	SHA256 string
	// Size is in bytes.
	Size int64
}

// CaseCount is how many cases stand in a stage with an sla state.
type CaseCount struct {
	Stage    casework.Stage
	SLAState casework.SLAState
	Count    int64
}
