package api_test

import "strings"

// addresses fills in the parameters of the contract's paths, so that a test can ask at every one of them; the task and
// whatever else is numbered is the first.
func addresses(reference string) *strings.Replacer {
	const digest = "9f86d081884c7d659a2feaa0c55ad015"
	return strings.NewReplacer(
		"{reference}", reference, "{number}", "1", "{document}", "1", "{clock}", "outcome", "{family}", "t-level",
		"{operation}", "start", "{examiner}", "ex-1001", "{absence}", "1", "{conflict}", "1", "{question}", "1", "{monitoring}", "1",
		"{cause}", "waiting-for-sample", "{batch}", "b_"+digest, "{webhook}", "wh_"+digest, "{delivery}", "msg_"+digest,
	)
}
