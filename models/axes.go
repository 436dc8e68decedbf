package models

// Severity says how much harm a complaint threatens; it picks the ladder and the shorter targets.
type Severity string

// The three severities, mildest first.
const (
	SeverityGeneral   Severity = "general"   // small effect on operations
	SeverityImportant Severity = "important" // reputation or business at risk
	SeverityUrgent    Severity = "urgent"    // safety or major property loss: handle at once
)

// Severities lists the closed set, mildest first.
func Severities() []Severity {
	return []Severity{SeverityGeneral, SeverityImportant, SeverityUrgent}
}

// NeedsApproval says whether a solution for this severity must be approved by an executive.
func (s Severity) NeedsApproval() bool { return s == SeverityImportant || s == SeverityUrgent }

// Nature says what kind of complaint it is, whatever its severity.
type Nature string

// The four natures.
const (
	NatureCustomer Nature = "customer" // service experience, product problem, misunderstood policy
	NatureInternal Nature = "internal" // about staff: conduct or operating error
	NatureSystemic Nature = "systemic" // a flaw of the whole service process
	NatureSpecial  Nature = "special"  // legal or ethical
)

// Natures lists the closed set.
func Natures() []Nature {
	return []Nature{NatureCustomer, NatureInternal, NatureSystemic, NatureSpecial}
}

// Attribution says whether people or rules brought the complaint about.
type Attribution string

// The two attributions; empty means not yet decided.
const (
	AttributionService       Attribution = "service"       // a person's or team's doing
	AttributionInstitutional Attribution = "institutional" // rules or design of the company; nobody's blame
)

// Attributions lists the closed set.
func Attributions() []Attribution {
	return []Attribution{AttributionService, AttributionInstitutional}
}

// Cause is the root cause found by the investigation.
type Cause string

// The causes; empty means not yet found.
const (
	CauseProductDefect Cause = "product_defect"
	CauseCommunication Cause = "communication"
	CauseAttitude      Cause = "attitude"
	CauseProcess       Cause = "process"
	CauseChangedNeeds  Cause = "changed_needs"
	CauseOther         Cause = "other"
)

// Causes lists the closed set.
func Causes() []Cause {
	return []Cause{
		CauseProductDefect, CauseCommunication, CauseAttitude, CauseProcess, CauseChangedNeeds, CauseOther,
	}
}

// Channel is the way a complaint reached us, or an answer left us.
type Channel string

// The channels.
const (
	ChannelPhone       Channel = "phone"
	ChannelWeb         Channel = "web"
	ChannelEmail       Channel = "email"
	ChannelLetterBox   Channel = "letter_box"
	ChannelServiceDesk Channel = "service_desk"
	ChannelSocial      Channel = "social"
	ChannelApp         Channel = "app"
	ChannelAPI         Channel = "api"
)

// Channels lists the closed set.
func Channels() []Channel {
	return []Channel{
		ChannelPhone, ChannelWeb, ChannelEmail, ChannelLetterBox,
		ChannelServiceDesk, ChannelSocial, ChannelApp, ChannelAPI,
	}
}

// Collected says whether complaints wait in this channel until somebody collects them, so that
// they may have been received earlier than they were recorded.
func (c Channel) Collected() bool { return c == ChannelEmail || c == ChannelLetterBox }

// AnsweredBy lists the channels by which the result of a complaint that came by c is told: the
// customer's own, and what comes to the same.
func (c Channel) AnsweredBy() []Channel {
	switch c {
	case ChannelPhone:
		return []Channel{ChannelPhone}
	case ChannelWeb, ChannelEmail, ChannelApp, ChannelAPI:
		return []Channel{ChannelEmail, ChannelWeb, ChannelApp, ChannelAPI}
	case ChannelLetterBox:
		return []Channel{ChannelPhone, ChannelLetterBox}
	case ChannelServiceDesk:
		return []Channel{ChannelServiceDesk, ChannelPhone}
	case ChannelSocial:
		return []Channel{ChannelSocial}
	}
	return nil
}

// Outcome is what the company concluded of the complaint.
type Outcome string

// The outcomes; empty means not yet concluded.
const (
	OutcomeUpheld           Outcome = "upheld"
	OutcomeWithoutAdmission Outcome = "offered_without_admission"
	OutcomeRejected         Outcome = "rejected"
)

// Outcomes lists the closed set.
func Outcomes() []Outcome {
	return []Outcome{OutcomeUpheld, OutcomeWithoutAdmission, OutcomeRejected}
}

// CallbackOutcome is what came of one attempt to call the customer back.
type CallbackOutcome string

// The outcomes of a callback attempt.
const (
	CallbackReachedSolved   CallbackOutcome = "reached_solved"
	CallbackReachedUnsolved CallbackOutcome = "reached_unsolved"
	CallbackNotReceived     CallbackOutcome = "not_received" // the customer never got the result
	CallbackNoAnswer        CallbackOutcome = "no_answer"
	CallbackRefused         CallbackOutcome = "refused"
	CallbackWrongNumber     CallbackOutcome = "wrong_number"
	CallbackRescheduled     CallbackOutcome = "rescheduled"
)

// CallbackOutcomes lists the closed set.
func CallbackOutcomes() []CallbackOutcome {
	return []CallbackOutcome{
		CallbackReachedSolved, CallbackReachedUnsolved, CallbackNotReceived, CallbackNoAnswer,
		CallbackRefused, CallbackWrongNumber, CallbackRescheduled,
	}
}

// Language is one of the two languages that every page, message and report speaks.
type Language string

// The two languages.
const (
	LanguageZH Language = "zh-CN"
	LanguageEN Language = "en"
)

// Languages lists the closed set.
func Languages() []Language { return []Language{LanguageZH, LanguageEN} }
