package main

// Main is the command, as the tests run it in a process of its own.
var Main = main
