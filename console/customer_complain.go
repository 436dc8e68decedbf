package console

import (
	"cmp"
	"net/http"
	"net/url"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// webForm records what customers write themselves. It is a service with the role of intake and nothing
// else, and it signs in nowhere.
var webForm = models.Actor{Kind: models.ActorService, ID: "web-form", Roles: []models.Role{models.RoleIntake}}

// honeypot is a field that people do not see. Programs that fill in every form they meet fill it in.
const honeypot = "website"

// complaintRoom is what the form of strangers has for files: some photos of a telephone.
var complaintRoom = room{files: 5, bytes: 20 << 20, words: 1 << 20}

// arrivalTime is how long the files of strangers may travel.
const arrivalTime = 2 * time.Minute

// complainPage is the form that everybody can fill in.
type complainPage struct {
	outside

	Form   url.Values
	Key    string
	Faults map[string]string
	Filled bool
	Again  bool // files came with it, and are to be chosen once more
	Most   int  // files
	Size   int64
}

func (c *console) complain(v *visit) error {
	return v.showComplain(http.StatusOK, complainPage{Form: url.Values{}, Key: c.NewID()})
}

func (v *visit) showComplain(code int, page complainPage) error {
	page.Most, page.Size = complaintRoom.files, complaintRoom.bytes>>20
	return v.showAs(code, "complain", page)
}

// takeComplaint puts on record what a customer wrote. Whoever sends too many is asked to wait before their
// files are read, and what was typed is kept. Files are kept once all the rest is right, and never of a
// form that is shown again: what a stranger left with us, another could name.
func (c *console) takeComplaint(v *visit) error {
	has, wait := complaintRoom, c.complaints.Wait(v.address())
	if wait > 0 {
		has.files, has.bytes = 0, 0
	} else if v.large() {
		v.takeLong(arrivalTime)
	}
	files, err := v.formWithFiles(has)
	if wait > 0 && models.CodeOf(err) == models.CodeTooLarge && v.r.PostForm != nil {
		err = plainText(v.r.PostForm) // the words come first, the files stay where they are
	}
	if err != nil {
		return err
	}
	page := complainPage{
		Form: v.r.PostForm, Key: cmp.Or(v.field("key"), c.NewID()), Faults: map[string]string{}, Filled: true, Again: len(files) > 0 || v.tooMuch != "" || wait > 0 && v.large(),
	}
	v.r.PostForm.Set("key", page.Key) // all customers are one actor here: without a key of their own, the same words would be one wish of two people
	if wait > 0 {
		page.Faults[""] = v.why(v.later(wait))
		return v.showComplain(http.StatusTooManyRequests, page)
	}
	n := v.complaintOfStranger(page.Faults)
	if len(page.Faults) == 0 {
		if err := v.keepFiles(webForm, complaintRoom, files, page.Faults); err != nil {
			return err
		}
	}
	if len(page.Faults) > 0 {
		v.r.PostForm.Del("attachment")
		return v.showComplain(http.StatusUnprocessableEntity, page)
	}
	for _, kept := range keptFiles(v.r.PostForm) {
		n.Attachments = append(n.Attachments, kept.ID)
	}
	return c.openComplaint(v, page, n)
}

// openComplaint puts it on record, and leads the customer to their page.
func (c *console) openComplaint(v *visit, page complainPage, n cases.NewComplaint) error {
	call := v.call("POST /complain")
	call.Actor = webForm
	accepted, err := c.Cases.Open(v.r.Context(), call, n)
	v.r.PostForm.Del("attachment")
	if models.CodeOf(err) == models.CodeKeyReused {
		page.Key, page.Faults[""] = c.NewID(), v.Say("complain.saved_before")
		return v.showComplain(http.StatusConflict, page)
	}
	if said := v.faults(err); err != nil && said != nil {
		page.Faults = renamed(said)
		return v.showComplain(statusOf(err), page)
	}
	if err != nil {
		return err
	}
	v.tell("done.complained", "number", accepted.Number)
	return v.goTo("/t/" + accepted.StatusToken)
}

// complaintOfStranger reads the form, and notes what is wrong with it.
func (v *visit) complaintOfStranger(faults map[string]string) cases.NewComplaint {
	if v.field(honeypot) != "" { // somebody's browser may have done it: they are told, and nothing is lost
		faults[honeypot] = v.Say("complain.leave_empty")
	}
	for _, name := range []string{"severity", "nature", "category", "region", "received_at", "receipt_evidence", "answer", "mystery_shopper", "attachment"} {
		v.r.PostForm.Del(name) // ours to judge
	}
	n := v.complaint(faults)
	n.Opened.Channel, n.Opened.Language, n.Opened.Zone = models.ChannelWeb, v.Language, v.Zone.String()
	if n.Opened.Anonymous {
		n.Contact = models.Contact{}
	}
	if n.Text == "" {
		faults["text"] = v.Say("form.needed")
	}
	if !n.Opened.Anonymous && !n.Contact.Reachable() {
		faults["contact"] = v.Say("complain.reach")
	}
	return n
}
