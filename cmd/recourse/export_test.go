package main

// Main is the command itself, which the tests run in a process of its own.
var Main = main
