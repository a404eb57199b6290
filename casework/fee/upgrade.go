package fee

import (
	"fmt"
	"slices"
)

// Upgrade says what becomes of a case's lines when its request is turned into another service: the quoted lines
// of the replaced codes are cancelled and the new service's quotes stand in their place (domain §8.2, "Upgrade").
// Other lines, such as a copy's, stay as they are. why is the sentence that the centre reads.
//
// A replaced line that is not quoted any more is an error: what is due, waived or invoiced cannot be replaced. So is
// a case without a line of the replaced codes; a service that was free has no codes to replace.
func Upgrade(lines []Line, replaced []Code, why string) ([]Decision, error) {
	var decisions []Decision
	for _, line := range lines {
		if !slices.Contains(replaced, line.Code) || line.State == Cancelled {
			continue
		}
		if line.State != Quoted {
			return nil, fmt.Errorf("fee line %d of case %s is %s; only a quoted fee can be replaced", line.ID, line.Reference, line.State)
		}
		decisions = append(decisions, Decision{LineID: line.ID, State: Cancelled, Why: why})
	}
	if len(decisions) == 0 && len(replaced) > 0 {
		return nil, fmt.Errorf("there is no quoted fee of %v to replace", replaced)
	}
	return decisions, nil
}
