package casework

import "slices"

// PerformerRole is what a performer is engaged for. A person may have several.
type PerformerRole string

const (
	// Reviewer reviews marking.
	Reviewer PerformerRole = "reviewer"
	// Moderator moderates the marks of centres and reviews moderation.
	Moderator PerformerRole = "moderator"
	// Clerk performs clerical checks.
	Clerk PerformerRole = "clerical"
	// Panellist decides appeals, as somebody who works for the body.
	Panellist PerformerRole = "panel"
	// Independent decides appeals and has never worked for the body (Ofqual, General Conditions, I1).
	Independent PerformerRole = "independent"
)

// PerformerRoles lists every role; the database's CHECK is compared with it.
func PerformerRoles() []PerformerRole {
	return []PerformerRole{Reviewer, Moderator, Clerk, Panellist, Independent}
}

// SignsInAs is the role in the token of somebody who is engaged so.
func (r PerformerRole) SignsInAs() Role {
	switch r {
	case Moderator:
		return RoleModerator
	case Clerk:
		return RoleClerical
	case Panellist, Independent:
		return RolePanel
	default:
		return RoleExaminer
	}
}

// Rank is a performer's place in the order of an awarding body, such as "lead".
type Rank string

// The ranks of a body that names none of its own, the lowest first; moderators have the same.
const (
	RankExaminer   Rank = "examiner"
	RankTeamLeader Rank = "team-leader"
	RankSenior     Rank = "senior"
	RankPrincipal  Rank = "principal"
	RankLead       Rank = "lead"
	RankChief      Rank = "chief"
)

// Ranks is the order of a body that has none of its own, the lowest first.
func Ranks() []Rank {
	return []Rank{RankExaminer, RankTeamLeader, RankSenior, RankPrincipal, RankLead, RankChief}
}

// AtLeast reports whether a rank is the least or above it in an order. Nobody's rank is below the empty one; a rank
// that the order does not know is below every other, and nobody reaches a least one that it does not know.
func (r Rank) AtLeast(least Rank, order []Rank) bool {
	if least == "" {
		return true
	}
	need := slices.Index(order, least)
	return need >= 0 && slices.Index(order, r) >= need
}
