package cases

import (
	"context"
	"slices"
	"time"

	"recourse/internal/search"
	"recourse/models"
)

// errNoCustomer answers for a customer who is not there and for one of whom the actor sees no case,
// alike.
var errNoCustomer = models.Refuse(models.CodeNotFound, "there is no such customer, or none that you may see")

// CustomerQuery asks for customers by one thing that is known of them.
type CustomerQuery struct{ Phone, Email, ExternalID, Name string }

// CustomerView is a customer as one actor may see them.
type CustomerView struct {
	ID        string // of the record that survives all mergers
	Sight     models.Sight
	Contact   *models.Contact  // as last corrected in a case, or as first given; masked unless the sight is full
	Also      []models.Contact // as first given, where that was corrected, and of the records merged into this one
	Language  models.Language
	Zone      string
	CreatedAt time.Time
	ErasedAt  *time.Time
	Held      bool     // under a legal hold
	Merged    []string // ids of the records merged into this one
	Acts      []ActView
}

// ActView is something that was done to a customer's record, with its reason.
type ActView struct {
	models.CustomerAct
	Reason string
}

// CustomerDone is what became of an act on a customer's record.
type CustomerDone struct {
	ID       string                 `json:"id"` // who survives
	Act      models.CustomerActKind `json:"act"`
	Replayed bool                   `json:"-"`
}

// mostCustomers is how many customers a search for a name shows.
const mostCustomers = 20

// Customers finds customers by one thing known of them, masked: only those whom the actor may see in
// full in at least one case, because being found tells as much as being shown.
func (s *Service) Customers(ctx context.Context, a models.Actor, q CustomerQuery) ([]CustomerView, error) {
	if models.VisibleAs(a, models.SightFull).Nothing() {
		return nil, models.Refuse(models.CodeForbidden, "your roles see no contact data, so they find nobody by it")
	}
	ids, err := s.customerIDs(ctx, a, q)
	if err != nil {
		return nil, err
	}
	var views []CustomerView
	for _, id := range ids {
		v, err := s.customerView(ctx, a, id)
		if models.CodeOf(err) == models.CodeNotFound || err == nil && v.Sight != models.SightFull {
			continue
		}
		if err != nil {
			return nil, err
		}
		v.mask()
		views = append(views, v)
	}
	return views, nil
}

// customerIDs are those of the records that are found, each survivor once.
func (s *Service) customerIDs(ctx context.Context, a models.Actor, q CustomerQuery) ([]string, error) {
	given := slices.DeleteFunc([]string{q.Phone, q.Email, q.ExternalID, q.Name}, func(v string) bool { return v == "" })
	if len(given) != 1 {
		return nil, models.Invalid("/phone", "give one of phone, email, external_id and name")
	}
	if q.Name != "" {
		return s.named(ctx, a, q.Name)
	}
	digests := s.digests(models.Contact{Phone: q.Phone, Email: q.Email, ExternalID: q.ExternalID})
	if len(digests) == 0 {
		return nil, models.Invalid("/phone", "a phone number that tells customers apart has six digits or more")
	}
	found, err := s.Store.CustomerByDigest(ctx, []string{digests[0].Digest})
	if models.CodeOf(err) == models.CodeNotFound {
		return nil, nil
	}
	return []string{found.ID}, err
}

// named goes along the cases whose contact data holds a name, newest first.
func (s *Service) named(ctx context.Context, a models.Actor, name string) (ids []string, err error) {
	f, err := s.finder(a, name, "/name", inContact)
	if err != nil {
		return nil, err
	}
	query := models.CaseQuery{Visible: models.VisibleAs(a, models.SightFull), Find: f.ways, Limit: lookBy}
	for looked := 0; looked < lookAt && len(ids) < mostCustomers; looked += lookBy {
		rows, after, err := s.Store.Cases(ctx, query)
		if err != nil {
			return nil, err
		}
		words, err := s.wordsOf(ctx, rows)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if models.Sees(a, row) == models.SightFull && f.names(words[row.ID]) {
				ids = append(ids, row.CustomerID)
			}
		}
		if ids, err = s.survivors(ctx, ids); err != nil || after == "" {
			return ids, err
		}
		query.Cursor = after
	}
	return ids[:min(len(ids), mostCustomers)], nil
}

// names says whether contact data holds the name that is looked for as a name.
func (f finder) names(texts []heard) bool {
	for _, t := range texts {
		if t.contact == nil {
			continue
		}
		names := []string{t.contact.Name}
		if t.contact.Second != nil {
			names = append(names, t.contact.Second.Name)
		}
		for _, n := range names {
			read := search.Read(n, n)
			if !slices.ContainsFunc(f.query.Parts, func(p search.Part) bool { return !p.In(read) }) {
				return true
			}
		}
	}
	return false
}

// survivors are the ids of those who stand for some records, each once, in the same order.
func (s *Service) survivors(ctx context.Context, ids []string) (survivors []string, err error) {
	for _, id := range ids {
		records, err := s.Store.CustomerRecords(ctx, id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(survivors, records[0].ID) {
			survivors = append(survivors, records[0].ID)
		}
	}
	return survivors, nil
}

// Customer shows a customer: in full, and noted, to those who see one of their cases in full.
func (s *Service) Customer(ctx context.Context, a models.Actor, id string) (CustomerView, error) {
	v, err := s.customerView(ctx, a, id)
	if err != nil {
		return v, err
	}
	if v.Sight != models.SightFull {
		v.mask()
	} else if v.Contact != nil {
		err = s.Store.PutContactRead(ctx, models.ContactRead{
			ID: s.NewID(), CustomerID: v.ID, Person: a.ID, ReadAt: s.now(), Place: models.ReadCustomer,
		})
		if err != nil {
			return CustomerView{}, err
		}
	}
	if only(a, "", models.RoleSupervisor, models.RoleAuditor, models.RoleAdmin) == nil {
		v.Acts, err = s.acts(ctx, v.ID)
	}
	return v, err
}

// customerView reads all records of a customer of whom the actor sees a case; nothing is masked yet.
func (s *Service) customerView(ctx context.Context, a models.Actor, id string) (CustomerView, error) {
	records, err := s.Store.CustomerRecords(ctx, id)
	if models.CodeOf(err) == models.CodeNotFound {
		return CustomerView{}, errNoCustomer
	}
	if err != nil {
		return CustomerView{}, err
	}
	first := records[0]
	v := CustomerView{
		ID: first.ID, Language: first.Language, Zone: first.Zone, CreatedAt: first.CreatedAt, ErasedAt: first.ErasedAt,
	}
	if v.Sight, err = s.sightOf(ctx, a, first.ID); err != nil {
		return v, err
	}
	if v.Sight == models.SightNone {
		return v, errNoCustomer
	}
	if err := s.fillCustomer(ctx, &v, records); err != nil {
		return v, err
	}
	return v, s.correctCustomer(ctx, a, &v)
}

// sightOf is the most that the actor sees of a customer's cases.
func (s *Service) sightOf(ctx context.Context, a models.Actor, customerID string) (models.Sight, error) {
	query := models.CaseQuery{Visible: models.VisibleTo(a), CustomerID: customerID, Limit: models.MaxPage}
	best := models.SightNone
	for {
		rows, next, err := s.Store.Cases(ctx, query)
		if err != nil {
			return models.SightNone, err
		}
		for _, row := range rows {
			best = max(best, models.Sees(a, row))
		}
		if best == models.SightFull || next == "" {
			return best, nil
		}
		query.Cursor = next
	}
}

func (s *Service) fillCustomer(ctx context.Context, v *CustomerView, records []models.Customer) error {
	var ids []string
	for _, r := range records {
		ids = append(ids, r.KeyID)
		v.Held = v.Held || r.HeldAt != nil
	}
	keys, err := s.keys(ctx, ids)
	if err != nil {
		return err
	}
	for i, r := range records {
		if i > 0 {
			v.Merged = append(v.Merged, r.ID)
		}
		if len(r.Profile) == 0 || len(keys[r.KeyID]) == 0 {
			continue
		}
		words, _, err := s.Vault.OpenText(keys[r.KeyID], r.KeyID, r.ID, r.Profile)
		if err != nil {
			return err
		}
		switch contact := contactIn(words); {
		case contact == nil:
		case i == 0:
			v.Contact = contact
		default:
			v.Also = append(v.Also, *contact)
		}
	}
	return nil
}

// mask hides what is not for everybody who sees the customer.
func (v *CustomerView) mask() {
	if v.Sight < models.SightMasked {
		v.Contact, v.Also = nil, nil
		return
	}
	v.Contact = masked(v.Contact)
	for i := range v.Also {
		v.Also[i] = *masked(&v.Also[i])
	}
}

// acts are what was done to a customer's records, with the reasons.
func (s *Service) acts(ctx context.Context, survivor string) ([]ActView, error) {
	rows, err := s.Store.CustomerActs(ctx, survivor)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.KeyID)
	}
	keys, err := s.keys(ctx, ids)
	if err != nil {
		return nil, err
	}
	var views []ActView
	for _, r := range rows {
		why, err := s.reason(keys, r.KeyID, r.ID, r.Reason)
		if err != nil {
			return nil, err
		}
		views = append(views, ActView{CustomerAct: r, Reason: why})
	}
	return views, nil
}

// History shows the cases of a customer that the actor may see, newest first.
func (s *Service) History(ctx context.Context, a models.Actor, id, cursor string, limit int) (Page[models.Case], error) {
	v, err := s.customerView(ctx, a, id)
	if err != nil {
		return Page[models.Case]{}, err
	}
	rows, next, err := s.Store.Cases(ctx, models.CaseQuery{Visible: models.VisibleTo(a), CustomerID: v.ID, Cursor: cursor, Limit: limit})
	return Page[models.Case]{Items: rows, Next: next}, err
}

// Hold puts a legal hold on a customer: nothing of them is erased until it is released.
func (s *Service) Hold(ctx context.Context, call Call, id, reason string) (CustomerDone, error) {
	return s.act(ctx, call, id, models.ActHold, reason, s.Store.HoldCustomer)
}

// Release ends a legal hold.
func (s *Service) Release(ctx context.Context, call Call, id, reason string) (CustomerDone, error) {
	return s.act(ctx, call, id, models.ActRelease, reason, s.Store.ReleaseCustomer)
}

func (s *Service) act(ctx context.Context, call Call, id string, kind models.CustomerActKind, reason string, put func(context.Context, models.CustomerAct) error) (CustomerDone, error) {
	if err := only(call.Actor, "legal holds are for auditors and supervisors", models.RoleAuditor, models.RoleSupervisor); err != nil {
		return CustomerDone{}, err
	}
	v, err := s.customerView(ctx, call.Actor, id)
	if err != nil {
		return CustomerDone{}, err
	}
	return s.onceDone(ctx, call, func() (CustomerDone, error) {
		act, err := s.newAct(ctx, call.Actor, v.ID, kind, reason)
		if err != nil {
			return CustomerDone{}, err
		}
		return CustomerDone{ID: v.ID, Act: kind}, put(ctx, act)
	})
}

func (s *Service) onceDone(ctx context.Context, call Call, do func() (CustomerDone, error)) (CustomerDone, error) {
	done, replayed, err := once(ctx, s, call, do)
	done.Replayed = replayed
	return done, err
}

// newAct makes the row that says who did what to a customer's record, and why.
func (s *Service) newAct(ctx context.Context, a models.Actor, id string, kind models.CustomerActKind, reason string) (models.CustomerAct, error) {
	act := models.CustomerAct{ID: s.NewID(), CustomerID: id, Kind: kind, Person: a.ID, ActedAt: s.now()}
	customer, err := s.Store.Customer(ctx, id)
	if err == nil {
		act.KeyID, act.Reason, err = s.sealReason(ctx, customer.KeyID, act.ID, reason)
	}
	return act, err
}

// Merge says that two records are one customer; the second one goes on for both.
func (s *Service) Merge(ctx context.Context, call Call, id, into, reason string) (CustomerDone, error) {
	if err := only(call.Actor, "customers are merged by a supervisor", models.RoleSupervisor); err != nil {
		return CustomerDone{}, err
	}
	if _, err := s.customerView(ctx, call.Actor, id); err != nil {
		return CustomerDone{}, err
	}
	if _, err := s.customerView(ctx, call.Actor, into); err != nil {
		if models.CodeOf(err) == models.CodeNotFound {
			err = models.Invalid("/into", errNoCustomer.Message)
		}
		return CustomerDone{}, err
	}
	return s.onceDone(ctx, call, func() (CustomerDone, error) {
		act, err := s.newAct(ctx, call.Actor, id, models.ActMerge, reason)
		if err != nil {
			return CustomerDone{}, err
		}
		act.Into = into
		return CustomerDone{ID: into, Act: models.ActMerge}, s.Store.MergeCustomers(ctx, act)
	})
}

// EraseCustomer makes everything a customer ever told us unreadable for good. It is refused while a
// case of theirs is open or a legal hold lies on them.
func (s *Service) EraseCustomer(ctx context.Context, call Call, id string) (CustomerDone, error) {
	if err := only(call.Actor, "customers are erased by an admin", models.RoleAdmin); err != nil {
		return CustomerDone{}, err
	}
	v, err := s.customerView(ctx, call.Actor, id)
	if err != nil {
		return CustomerDone{}, err
	}
	return s.onceDone(ctx, call, func() (CustomerDone, error) {
		done := CustomerDone{ID: v.ID, Act: models.ActErase}
		if v.ErasedAt != nil {
			return done, nil
		}
		if err := s.erasable(ctx, v); err != nil {
			return done, err
		}
		now := s.now()
		if err := s.Erase(ctx, v.ID, now); err != nil {
			return done, err
		}
		return done, s.Store.PutCustomerAct(ctx, models.CustomerAct{
			ID: s.NewID(), CustomerID: v.ID, Kind: models.ActErase, Person: call.Actor.ID, ActedAt: now,
		})
	})
}

// erasable asks all cases, also those that the admin does not see.
func (s *Service) erasable(ctx context.Context, v CustomerView) error {
	if v.Held {
		return models.Refuse(models.CodeConflict, "there is a legal hold on this customer")
	}
	open := slices.DeleteFunc(models.States(), func(st models.State) bool { return !st.Open() })
	n, err := s.Store.CountCases(ctx, models.CaseQuery{Visible: models.Visible{Whole: true}, CustomerID: v.ID, States: open})
	if err == nil && n > 0 {
		err = models.Refuse(models.CodeConflict, "a case of this customer is still open")
	}
	return err
}
