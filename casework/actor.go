package casework

// Role is what a person may do. Centre roles are held per qualification family (domain §8.3, reading 13).
type Role string

const (
	// RoleCentreAdministrator may do everything for the centre's family.
	RoleCentreAdministrator Role = "centre-administrator"
	// RolePostResults is "post-results full access": may submit and follow post-results requests.
	RolePostResults Role = "post-results-full-access"
	// RoleCentreReader may read the centre's cases only.
	RoleCentreReader Role = "centre-read-only"
	// RoleExaminer reviews marking.
	RoleExaminer Role = "examiner"
	// RoleClerical performs clerical checks.
	RoleClerical Role = "clerical"
	// RoleModerator moderates centres' marks.
	RoleModerator Role = "moderator"
	// RolePanel decides appeals.
	RolePanel Role = "appeals-panel"
	// RoleCaseworker works for the awarding body on every case.
	RoleCaseworker Role = "caseworker"
	// RoleFinance reads fee lines and invoices and runs invoicing.
	RoleFinance Role = "finance"
	// RoleOperator keeps the system running and may act on behalf of a performer, with a reason.
	RoleOperator Role = "operator"
	// RoleSystem is what the system does by itself; no person holds it.
	RoleSystem Role = "system"
)

// Family groups qualifications whose centre roles are held apart.
type Family string

const (
	// FamilyGeneral is general qualifications (GCSE, AS, A level): "gq" in a role grant.
	FamilyGeneral Family = "gq"
	// FamilyVocational is vocational and technical qualifications: "vq" in a role grant.
	FamilyVocational Family = "vq"
)

// Actor is who caused a change, by identifiers only: names stay out of workflow payloads.
type Actor struct {
	// Subject is the identity provider's stable id of the person or system.
	Subject string `json:"subject"`
	// Role is the role under which the person acted.
	Role Role `json:"role"`
	// OnBehalfOf is set when an operator acts for a performer: the performer's subject.
	OnBehalfOf string `json:"onBehalfOf,omitempty"`
	// Reason says why somebody acted for another; it is required then.
	Reason string `json:"reason,omitempty"`
	// Claimed is true if the subject is only what a signal's sender wrote: no token vouches for it.
	Claimed bool `json:"claimed,omitempty"`
}

// System is the actor of what the system does by itself: timers, allocation, mail.
func System() Actor { return Actor{Subject: "recourse", Role: RoleSystem} }
