package casework

// Kind says which process a case follows. Each kind is one workflow type.
type Kind string

// KindEnquiry is an enquiry about one candidate's result in one component.
const KindEnquiry Kind = "enquiry"

// Service is what a centre asks for. The names are those of the contract and of the rule files.
type Service string

const (
	// ClericalCheck (service 1) checks that all parts were marked, totalled and transferred; it is not an
	// examiner's review (domain §8.3, reading 3).
	ClericalCheck Service = "clerical-check"
	// ReviewOfMarking (service 2) checks that the agreed mark scheme was applied correctly and contains a
	// clerical check (seed 000).
	ReviewOfMarking Service = "review-of-marking"
)

// Services lists the services that a centre can ask for, in the order in which they are shown.
func Services() []Service { return []Service{ClericalCheck, ReviewOfMarking} }

// Short is the service's name as operators read it.
func (s Service) Short() string {
	switch s {
	case ClericalCheck:
		return "Clerical check"
	case ReviewOfMarking:
		return "Review of marking"
	default:
		return string(s)
	}
}

// Performer says which role carries out the service's task.
func (s Service) Performer() Role {
	if s == ClericalCheck {
		return RoleClerical
	}
	return RoleExaminer
}
