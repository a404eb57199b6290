package docket

// Kinds of documents of a case.
const (
	// OutcomeLetterHTML and OutcomeLetterPDF are the outcome letter to read and to print.
	OutcomeLetterHTML = "outcome-letter-html"
	OutcomeLetterPDF  = "outcome-letter-pdf"
	// ReviewedScript is the script as it was reviewed.
	ReviewedScript = "reviewed-script"
)
