package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Who may do what (architecture §8). Centre roles are held per qualification family and see one centre.

// submitters may ask for a service.
func submitters() []casework.Role {
	return []casework.Role{casework.RoleCentreAdministrator, casework.RolePostResults}
}

// centreReaders may follow their centre's cases.
func centreReaders() []casework.Role { return append(submitters(), casework.RoleCentreReader) }

// bodyReaders see every case.
func bodyReaders() []casework.Role {
	return []casework.Role{casework.RoleCaseworker, casework.RoleOperator}
}

// bodyRole is the role in which a person of the awarding body acts on a case; empty for anybody else.
func bodyRole(person identity.Person) casework.Role {
	for _, role := range bodyReaders() {
		if person.Holds(role) {
			return role
		}
	}
	return ""
}

// moneyReaders see every centre's fee lines and invoices.
func moneyReaders() []casework.Role { return append(bodyReaders(), casework.RoleFinance) }

// performers hold tasks.
func performers() []casework.Role {
	return []casework.Role{casework.RoleExaminer, casework.RoleClerical, casework.RoleModerator, casework.RolePanel}
}

// performerRole is the first role in which a person may hold tasks; empty for anybody who holds none.
func performerRole(person identity.Person) casework.Role {
	for _, role := range performers() {
		if person.Holds(role) {
			return role
		}
	}
	return ""
}

// admit refuses whoever may not use an operation of the contract at all, whatever they ask. Which centre, family and
// task is theirs the handlers say.
func admit(operation string, person identity.Person) error {
	var err error
	switch operation {
	case "submitEnquiry":
		err = mayAsk(person)
	case "listTasks", "getTask", "getDraft", "saveDraft", "createUpload", "completeTask", "addTaskNote", "askQuestion", "recordFinding":
		err = performs(person)
	case "actOnTask", "listTaskNotes", "listQuestions", "answerQuestion", "listMonitoring", "getExaminer":
		err = mayBe(person, "use this", append(performers(), bodyReaders()...))
	case "listWork":
		err = mayBe(person, "read the log of work", append(performers(), moneyReaders()...))
	case "listExaminers", "changeExaminer", "addAbsence", "endAbsence", "declareConflict", "takeBackConflict", "listExaminerChanges":
		err = mayBe(person, "keep the register of examiners", bodyReaders())
	case "listFeeLines", "listInvoices":
		_, err = readScope(person, moneyReaders()...)
	case "listAllocations":
		err = seesPerformers(person)
	case "recalculateCase":
		err = recalculates(person)
	case "holdCase", "resumeCase", "nudgeCase", "createBatch", "listBatches", "getBatch", "reassignTasks", "getOperations", "listApprovers":
		err = mayBe(person, "act on cases for the awarding body", bodyReaders())
	case "listCaseNotes", "addCaseNote":
		err = mayBe(person, "keep notes about a case", bodyReaders())
	case "listWebhooks", "createWebhook", "rotateWebhook", "stopWebhook", "testWebhook", "listDeliveries", "replayDelivery":
		err = mayBe(person, "manage webhooks", []casework.Role{casework.RoleOperator})
	default:
		_, err = readScope(person, bodyReaders()...)
	}
	return err
}

// readScope is what of the cases the person may read; all are the roles that read everything.
func readScope(person identity.Person, all ...casework.Role) (docket.Scope, error) {
	if person.Holds(all...) {
		return docket.Scope{}, nil
	}
	families := person.Families(centreReaders()...)
	if len(families) == 0 || person.Centre == "" {
		return docket.Scope{}, roleMissing("read this", append(centreReaders(), all...))
	}
	return docket.Scope{Centre: person.Centre, Families: families}, nil
}

// narrowed limits a scope to a centre that the request names, which for a centre's staff can only be their own.
func narrowed(scope docket.Scope, centre string) (docket.Scope, error) {
	if centre == "" || centre == scope.Centre {
		return scope, nil
	}
	if scope.Centre != "" {
		return docket.Scope{}, anotherCentre(scope.Centre, "centre")
	}
	scope.Centre = centre
	return scope, nil
}

// submitter says in which role the person may ask for a service in a family.
func submitter(person identity.Person, family casework.Family) (casework.Role, error) {
	for _, role := range submitters() {
		if slices.Contains(person.Families(role), family) {
			return role, nil
		}
	}
	return "", familyMissing(family, submitters())
}

func familyMissing(family casework.Family, roles []casework.Role) *problem {
	detail := fmt.Sprintf("The qualification belongs to the family %q, for which you hold none of these roles: %s.", family, join(roles))
	return newProblem("family-missing", detail, casework.Reason{Code: "family-missing", Detail: detail, Remedy: "Ask your centre's administrator for a role in that family."})
}

// mayAsk refuses everybody who may not ask for a service in any family of a centre.
func mayAsk(person identity.Person) error {
	if person.Centre == "" || len(person.Families(submitters()...)) == 0 {
		return roleMissing("ask for a service", submitters())
	}
	return nil
}

// performs refuses everybody who holds no tasks.
func performs(person identity.Person) error {
	if !person.Holds(performers()...) {
		return roleMissing("work on tasks", performers())
	}
	return nil
}

// mayBe refuses everybody who holds none of the roles; what says for what they are needed.
func mayBe(person identity.Person, what string, roles []casework.Role) error {
	if !person.Holds(roles...) {
		return roleMissing(what, roles)
	}
	return nil
}

// seesPerformers refuses everybody who may not know who performs a centre's tasks.
func seesPerformers(person identity.Person) error {
	if !person.Holds(bodyReaders()...) {
		return roleMissing("see who was considered for a task", bodyReaders())
	}
	return nil
}

// recalculates refuses everybody who may not count a case by other rules.
func recalculates(person identity.Person) error {
	if !person.Holds(bodyReaders()...) {
		return roleMissing("count a case by other rules", bodyReaders())
	}
	return nil
}

func roleMissing(what string, roles []casework.Role) *problem {
	detail := fmt.Sprintf("To %s you need one of these roles: %s.", what, join(roles))
	return newProblem("role-missing", detail, casework.Reason{Code: "role-missing", Detail: detail, Remedy: "Ask for one of the roles, or sign in as somebody who holds one."})
}

// anotherCentre refuses to act for another centre; pointer is the field or the parameter that names it.
func anotherCentre(own, pointer string) *problem {
	detail := fmt.Sprintf("You work at centre %s and cannot act for another.", own)
	return newProblem("another-centre", detail, casework.Reason{Code: "another-centre", Detail: detail, Pointer: pointer, Remedy: "Leave the centre number out."})
}

func join(roles []casework.Role) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return strings.Join(names, ", ")
}
