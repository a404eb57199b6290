package fee

// Words says when a fee is waived, for people; it follows "This fee is".
func (s Strategy) Words() string {
	switch s {
	case UnitGrade:
		return "waived if the grade of its unit or of the award changes, up or down"
	case LinkedAwardGrade:
		return "waived, with those of all linked requests, if the grade of the award changes, up or down"
	case OverallExternalGrade:
		return "waived if the overall external assessment grade changes, up or down"
	case MarksReinstated:
		return "waived only if the centre's marks are reinstated"
	case ModeratedGradeChange:
		return "waived if an overall moderated grade changes"
	case AppealUpheld:
		return "waived if the appeal is upheld, in whole or in part"
	case AlwaysFree:
		return "free of charge"
	case Never:
		return "charged whatever the outcome"
	default:
		return string(s)
	}
}
