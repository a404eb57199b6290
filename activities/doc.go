// Package activities is everything that a workflow does outside itself: steps that write the register, files,
// letters and mail.
//
// Each file holds one family: a struct of ports, its methods, and below each method the typed stub by which
// workflow code calls it. An activity may run more than once; every one of them is idempotent by its business
// key. Rules run here, never in workflow code, so that their answers are recorded (architecture §3.2).
package activities
