package main

// Main is the command, as the tests run it in a process of its own.
var Main = main

// PrintTables is what up shows when everything serves.
var PrintTables = printTables
