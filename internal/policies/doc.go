// Package policies hands out the plan of a case: from the versions of the policy on record, the one it
// runs under, or the one in force.
package policies
