package main

// Run is the command, as the tests start it.
var Run = run
