// Command textcheck reads the names of files, each ended by a NUL, from standard
// input and reports texts that will not read everywhere as they do on the screen
// of whoever wrote them: broken UTF-8, mojibake, look-alikes of Han characters,
// invisible characters that turn or hide text.
package main
