// Package identity says who sends a request: it verifies OpenID Connect bearer tokens and reads from them the
// person, the centre and the roles.
package identity

import (
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
)

// Grant is one role that a person holds, for centre roles within one qualification family.
type Grant struct {
	Role casework.Role
	// Family is empty for roles that are not held per family.
	Family casework.Family
}

// ParseGrant reads a grant as tokens write it: "examiner" or "post-results-full-access/gq".
func ParseGrant(s string) Grant {
	role, family, _ := strings.Cut(s, "/")
	return Grant{Role: casework.Role(role), Family: casework.Family(family)}
}

// Person is who a token was issued to.
type Person struct {
	// Subject is the identity provider's stable id of the person.
	Subject string
	Email   string
	Name    string
	// Centre is the centre number of a person who works at one, empty for everybody else.
	Centre string
	Grants []Grant
	// Methods are the token's authentication methods (RFC 8176), such as "pwd" and "otp".
	Methods []string
}

// secondFactors are the authentication methods that prove more than a password. A text message is not one of
// them: numbers are taken over too easily.
var secondFactors = []string{"otp", "hwk", "mfa"}

// SecondFactor reports whether the token was issued after a second factor.
func (p Person) SecondFactor() bool {
	return slices.ContainsFunc(p.Methods, func(m string) bool { return slices.Contains(secondFactors, m) })
}

// Holds reports whether the person holds any of the roles, in whatever family.
func (p Person) Holds(roles ...casework.Role) bool {
	return slices.ContainsFunc(p.Grants, func(g Grant) bool { return slices.Contains(roles, g.Role) })
}

// Families lists the qualification families in which the person holds any of the roles, each once. A centre role
// without a family gives nothing.
func (p Person) Families(roles ...casework.Role) []casework.Family {
	var families []casework.Family
	for _, g := range p.Grants {
		if g.Family != "" && slices.Contains(roles, g.Role) && !slices.Contains(families, g.Family) {
			families = append(families, g.Family)
		}
	}
	return families
}
