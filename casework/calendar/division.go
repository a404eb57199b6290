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
