// Package register is what an awarding body knows before anybody enquires: centres, candidates, papers, marks,
// awards and the people who review them. It holds plain facts and the checks that they agree with one another.
package register

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// Noun names one kind of row in a Set.
type Noun string

// The nouns of the register, as Nouns lists them.
const (
	Bodies         Noun = "bodies"
	Centres        Noun = "centres"
	Contacts       Noun = "contacts"
	Qualifications Noun = "qualifications"
	Components     Noun = "components"
	SeriesList     Noun = "series"
	KeyDates       Noun = "keydates"
	Boundaries     Noun = "boundaries"
	Items          Noun = "items"
	Candidates     Noun = "candidates"
	Entries        Noun = "entries"
	Results        Noun = "results"
	ItemMarks      Noun = "itemmarks"
	Awards         Noun = "awards"
	Performers     Noun = "performers"
	Conflicts      Noun = "conflicts"
	Absences       Noun = "absences"
	Approvers      Noun = "approvers"
	Papers         Noun = "papers"
	Scripts        Noun = "scripts"
	Moderations    Noun = "moderations"
)

// Nouns lists every noun in the order in which rows depend on one another: what comes later names what came before.
func Nouns() []Noun {
	return []Noun{
		Bodies, Centres, Contacts, Qualifications, Components, SeriesList, KeyDates, Boundaries, Items,
		Candidates, Entries, Results, ItemMarks, Awards, Performers, Conflicts, Absences, Approvers, Papers,
		Scripts, Moderations,
	}
}

// Optional reports whether an import may say nothing about the noun.
func (n Noun) Optional() bool { return n == Approvers }

// Set is one import: every row of every noun, in the order in which it was given.
type Set struct {
	Bodies         []Body
	Centres        []Centre
	Contacts       []Contact
	Qualifications []Qualification
	Components     []Component
	Series         []Series
	KeyDates       []KeyDate
	Boundaries     []Boundary
	Items          []Item
	Candidates     []Candidate
	Entries        []Entry
	Results        []Result
	ItemMarks      []ItemMark
	Awards         []Award
	Performers     []Performer
	Conflicts      []Conflict
	Absences       []Absence
	// Approvers is nil if the import says nothing about them, and else all that each of its bodies has.
	Approvers   []Approver
	Papers      []Paper
	Scripts     []Script
	Moderations []Moderation
}

// Body is an awarding body.
type Body struct {
	ID   string
	Name string
	// Ranks is the body's order of seniority, the lowest first; empty for the common one.
	Ranks []casework.Rank
}

// RankOrder is the order of ranks by which the body's performers are compared.
func (b Body) RankOrder() []casework.Rank {
	if len(b.Ranks) == 0 {
		return casework.Ranks()
	}
	return b.Ranks
}

// Centre is a school or college that enters candidates.
type Centre struct {
	// Number is the five-digit national centre number.
	Number string
	Name   string
	// Nation is "england", "wales", "northern-ireland", "scotland" or "other".
	Nation string
	// Address holds the lines of the postal address.
	Address []string
}

// Contact is a person at a centre. Subject is the identity provider's stable id.
type Contact struct {
	Centre       string
	Subject      string
	Name         string
	Email        string
	ExamsOfficer bool
}

// Qualification is a title that a candidate is awarded. Level is 1 to 8; GCSE is 2 and A level 3.
type Qualification struct {
	ID    string
	Body  string
	Title string
	Level int
	// Subject is what performers are trained in, such as "mathematics": several qualifications may share one.
	Subject string
	// Rules names the set of rules that governs it, such as "ocr-gq"; empty for the set named like its body.
	Rules    string
	Family   casework.Family
	Unitised bool
}

// RuleSet names the set of rules that governs the qualification.
func (q Qualification) RuleSet() string {
	if q.Rules == "" {
		return q.Body
	}
	return q.Rules
}

// Assessment says who marks a component.
type Assessment string

const (
	// External: the awarding body's examiners mark it, or its scanner.
	External Assessment = "external"
	// Moderated: the centre marks it and the awarding body moderates a sample (domain §1.1, service 3).
	Moderated Assessment = "moderated"
)

// Component is one paper or unit. Weight multiplies its raw mark into the award's total; Objective marks a test
// that no examiner marked, so nobody can review it (domain §1.1).
type Component struct {
	ID            string
	Qualification string
	Title         string
	MaxMark       int
	Weight        int
	Assessment    Assessment
	Objective     bool
	// Tier is "foundation" or "higher"; empty if the component has none.
	Tier string
}

// Series is one examination series with its release days.
type Series struct {
	ID    string
	Body  string
	Title string
	// Month is the month of its examinations, 1 to 12: some services are for one series of the year only.
	Month int
	// CentreRelease is the embargoed release to centres and CandidateRelease the release to candidates, in UTC.
	CentreRelease    time.Time
	CandidateRelease time.Time
	// GCSERelease is the London date from which most windows are counted and ALevelRelease the one for priority
	// services (domain §8.2); ALevelRelease is zero if no A level belongs to the series.
	GCSERelease   calendar.Date
	ALevelRelease calendar.Date
}

// KeyDate overrides the window's formula: the last London day on which a service may be asked (domain §8.2).
// Priority marks the one until which a copy of a script is given in time for a review.
type KeyDate struct {
	Series   string
	Service  casework.Service
	Priority bool
	LastDay  calendar.Date
}

// Boundary is the lowest mark of a grade: of an award if Qualification is set, of a unit if Component is set. Part
// narrows an award's to the components that are marked so, where such an overall grade is published (NCFE, domain
// §1.4); it is empty for the award itself.
type Boundary struct {
	Series        string
	Qualification string
	Part          Assessment
	Component     string
	Grade         string
	Mark          int
}

// Item is one question item of a paper. Position counts from 1 in the order of the paper.
type Item struct {
	Series    string
	Component string
	Item      string
	Position  int
	Max       int
}

// Candidate is one candidate of a centre; Number is the centre's four-digit candidate number.
type Candidate struct {
	Centre string
	Number string
	Name   string
	// UCI is the unique candidate identifier of thirteen characters (domain §5.7).
	UCI string
}

// Entry says that a candidate was entered for a qualification in a series.
type Entry struct {
	Centre        string
	Candidate     string
	Series        string
	Qualification string
}

// ResultKey names one component result.
type ResultKey struct {
	Centre    string
	Candidate string
	Series    string
	Component string
}

// Indicator is what a statement of results shows instead of a mark or grade, or beside it (domain §1.2).
type Indicator string

const (
	// Settled: the mark or grade stands by itself.
	Settled Indicator = ""
	// NoResult is printed instead of a grade when there was nothing to mark.
	NoResult Indicator = "X"
	// PartlyAbsent stands beside a grade that was reached without part of the work.
	PartlyAbsent Indicator = "#"
	// Pending is printed instead of a grade that is not final yet, because of malpractice for example.
	Pending Indicator = "Q"
)

// Result is the published raw mark of one candidate in one component: of a moderated one, after moderation.
type Result struct {
	ResultKey

	Mark      int
	Indicator Indicator
}

// ItemMark is the mark of one item and everybody who judged it: none of them may review it (domain §5.1).
type ItemMark struct {
	ResultKey

	Item string
	Mark int
	// Marker gave the mark. SecondMarker, BackReader and Checker are empty if there was none.
	Marker       string
	SecondMarker string
	BackReader   string
	Checker      string
}

// Award is a candidate's total and grade in a qualification, as the results make them; Indicator says whether the
// grade is shown.
type Award struct {
	Entry

	Total     int
	Grade     string
	Indicator Indicator
}

// Performer is somebody who carries out tasks for an awarding body. ID is the identity provider's stable id.
type Performer struct {
	ID    string
	Body  string
	Name  string
	Email string
	Roles []casework.PerformerRole
	// Rank is one of the body's.
	Rank casework.Rank
	// Leader is the id of the performer's team leader or lead; empty if they have none.
	Leader string
	// Components are performed by name, Subjects with every component; no tier means every tier.
	Components []string
	Subjects   []string
	Tiers      []string
	// Capacity is how many tasks the person takes in a week.
	Capacity int
	// ContractFrom and ContractUntil are included London days; zero if the contract has no such end. TrainedUntil is
	// the last day on which the training is valid; zero if it does not run out.
	ContractFrom  calendar.Date
	ContractUntil calendar.Date
	TrainedUntil  calendar.Date
}

// Absence is a time in which a performer gets no tasks; both London days are included.
type Absence struct {
	Performer string
	From      calendar.Date
	Until     calendar.Date
	// Reason is "holiday", "illness" or "other".
	Reason string
}

// Conflict is one row of the conflict register: with a centre, or with one candidate of it.
type Conflict struct {
	Performer string
	// Kind is "works-at", "worked-at", "related-to" or "other".
	Kind      string
	Centre    string
	Candidate string
}

// Approver is somebody of an awarding body who may agree that a case waits. ID is the identity provider's stable id.
type Approver struct {
	ID    string
	Body  string
	Name  string
	Email string
}

// Paper is a component's question paper or mark scheme as a PDF.
type Paper struct {
	Series    string
	Component string
	// Kind is "scheme" or "paper".
	Kind string
	// Path names the file beside the rows; File is set once it is stored.
	Path string
	File casework.FileRef
}

// Script is a candidate's scanned script.
type Script struct {
	ResultKey

	// Path names the file beside the rows; Original and Anonymised are set once they are stored.
	Path       string
	Original   casework.FileRef
	Anonymised casework.FileRef
}

// CohortKey names the work of a centre's candidates in one component of one series.
type CohortKey struct {
	Centre    string
	Component string
	Series    string
}

// Sample says where the work is by which a cohort was moderated.
type Sample string

const (
	// SampleHeld: it was kept secure; only then can the moderation be reviewed (domain §1.1).
	SampleHeld Sample = "held"
	// SampleReturned: the centre gave it back to its candidates.
	SampleReturned Sample = "returned"
	// SampleLost: nobody has it.
	SampleLost Sample = "lost"
)

// Moderation is what was done about a cohort's marks by its centre.
type Moderation struct {
	CohortKey

	// Changed says whether the marks were changed; accepted marks cannot be reviewed.
	Changed bool
	Sample  Sample
	// Moderator is the id of who moderated and Checker of who checked it, empty if nobody did: neither may review it.
	Moderator string
	Checker   string
}
