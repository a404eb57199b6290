// Package casework is the domain of Recourse: cases, stages, decisions, tasks and the messages that a
// case's workflow exchanges with the steps that record it.
//
// It does no I/O, reads no clock, starts no goroutine and ranges over no map, so that workflow code may
// call it. Rules that may change between releases (deadlines, fees, offers, grading, allocation) live in
// the packages below this one and run in activities, where their answers are recorded.
package casework
