package calendar

// Division is a part of the United Kingdom with bank holidays of its own, named as the government's list names it.
type Division string

// The divisions of the United Kingdom's bank holidays.
const (
	EnglandAndWales Division = "england-and-wales"
	Scotland        Division = "scotland"
	NorthernIreland Division = "northern-ireland"
)

// Divisions lists every division.
func Divisions() []Division { return []Division{EnglandAndWales, Scotland, NorthernIreland} }

// Name is the division's name for people, such as "England and Wales"; that of an unknown one is its id.
func (d Division) Name() string {
	switch d {
	case EnglandAndWales:
		return "England and Wales"
	case Scotland:
		return "Scotland"
	case NorthernIreland:
		return "Northern Ireland"
	default:
		return string(d)
	}
}
