// Command recourse is the whole product in one program: dev, serve, worker and the tools of an
// operator. It only wires; what happens is decided in the packages it puts together.
package main
