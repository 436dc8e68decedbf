package models

import "slices"

// State is where a case stands in its life. See docs/case-states.md for the map.
type State string

// The states of a case, in the order of the main road, then the other ends.
const (
	StateNone             State = ""                  // not on record yet
	StateReceived         State = "received"          // on record, nobody is responsible yet
	StateDispatched       State = "dispatched"        // a department has the work order
	StateInvestigating    State = "investigating"     // facts are being established
	StateAwaitingApproval State = "awaiting_approval" // an executive decides on the solution
	StateSolutionReady    State = "solution_ready"    // measures, times and owners are decided
	StateImplementing     State = "implementing"      // measures under way, the customer knows the solution
	StateResolved         State = "resolved"          // done; the result is still to be told
	StateFollowingUp      State = "following_up"      // callback attempts and survey are running
	StateClosed           State = "closed"            // solved, or ended for a stated reason
	StateWithdrawn        State = "withdrawn"         // the customer took it back
	StateMerged           State = "merged"            // goes on in the surviving case
	StateNotAccepted      State = "not_accepted"      // refused, and the customer was told
	StateArchived         State = "archived"          // sealed and hashed
)

// States lists the closed set in the order of the main road.
func States() []State {
	return []State{
		StateReceived, StateDispatched, StateInvestigating, StateAwaitingApproval, StateSolutionReady,
		StateImplementing, StateResolved, StateFollowingUp, StateClosed, StateWithdrawn, StateMerged,
		StateNotAccepted, StateArchived,
	}
}

// openStates are the states in which the company still owes the customer something.
var openStates = []State{
	StateReceived, StateDispatched, StateInvestigating, StateAwaitingApproval,
	StateSolutionReady, StateImplementing, StateResolved, StateFollowingUp,
}

// Open says whether the company still owes the customer something in this state.
func (s State) Open() bool { return slices.Contains(openStates, s) }

// OpenStates lists the states in which the company still owes the customer something.
func OpenStates() []State { return slices.Clone(openStates) }

// Ended says whether the case ended here: closed, withdrawn, merged or not accepted. An ended case
// can still be reopened or archived.
func (s State) Ended() bool {
	return slices.Contains(ended, s)
}

// Live says whether the case still has a workflow: every state on record but archived.
func (s State) Live() bool { return s != StateNone && s != StateArchived }
