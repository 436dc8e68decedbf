package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"recourse/internal/files"
	"recourse/models"
)

// Limits of attachments unless the settings say otherwise.
const (
	maxFile  = 20 << 20 // bytes of one
	maxFiles = 50       // of one case
)

// Folder keeps sealed bytes under the hash of themselves.
type Folder interface {
	Put(sealed []byte) (name string, err error)
	Get(name string) ([]byte, error)
}

// Upload is a file as somebody hands it in.
type Upload struct {
	Name     string
	Declared string // media type, as the caller says; may be empty
	Content  []byte
}

// Uploaded is the answer to an upload: it is staged for its uploader to name.
type Uploaded struct {
	ID        string `json:"id"`
	Name      string `json:"-"` // file names tell of people: no kept answer holds them
	MediaType string `json:"media_type"`
	Size      int64  `json:"size"`
	Replayed  bool   `json:"-"`
}

// AttachmentView is an attachment of a case, as whoever may read its texts sees it.
type AttachmentView struct {
	ID        string
	Name      string // empty after an erasure
	MediaType string
	Size      int64
	Seq       int64 // of the event that names it
	By        models.Actor
	At        time.Time
}

// Upload stages a file. It is sealed with a key of its own before anything is kept.
func (s *Service) Upload(ctx context.Context, call Call, u Upload) (Uploaded, error) {
	if err := models.MayUpload(call.Actor); err != nil {
		return Uploaded{}, err
	}
	if int64(len(u.Content)) > s.MaxFile {
		return Uploaded{}, models.Refuse(models.CodeTooLarge, fmt.Sprintf("a file has at most %d bytes", s.MaxFile))
	}
	name := files.CleanName(u.Name)
	if name == "" {
		return Uploaded{}, models.Invalid("/file", "has no file name")
	}
	mediaType, err := files.Judge(name, u.Declared, u.Content)
	if err != nil {
		return Uploaded{}, err
	}
	done, replayed, err := once(ctx, s, call, func() (Uploaded, error) { return s.keep(ctx, call, name, mediaType, u.Content) })
	done.Name, done.Replayed = name, replayed // the same key means the same name: it is part of the body
	return done, err
}

// keep seals a file and keeps its row, then its bytes.
func (s *Service) keep(ctx context.Context, call Call, name, mediaType string, content []byte) (Uploaded, error) {
	now, id := s.now(), s.NewID()
	keyID, wrapped, err := s.Vault.NewKey()
	if err != nil {
		return Uploaded{}, fmt.Errorf("make data key: %w", err)
	}
	sealed, err := s.Vault.SealFile(wrapped, keyID, id, content)
	if err != nil {
		return Uploaded{}, err
	}
	sealedName, _, err := s.Vault.SealText(wrapped, keyID, id, name)
	if err != nil {
		return Uploaded{}, err
	}
	file := models.Attachment{
		ID: id, Uploader: call.principal(), KeyID: keyID, Name: sealedName, Digest: s.Vault.DigestFile(content),
		Blob: files.NameOf(sealed), Size: int64(len(content)), MediaType: mediaType, StagedAt: now,
	}
	if err := s.Store.StageFile(ctx, file, models.Key{ID: keyID, Wrapped: wrapped, CreatedAt: now}); err != nil {
		return Uploaded{}, err
	}
	if _, err := s.Files.Put(sealed); err != nil {
		return Uploaded{}, err
	}
	return Uploaded{ID: id, MediaType: mediaType, Size: file.Size}, nil
}

// filesFor turns uploads of the caller into what an event keeps of them. A case that has some already
// may have only so many more.
func (s *Service) filesFor(ctx context.Context, call Call, ids []string, had int) ([]models.FileRef, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if had+len(ids) > s.MaxFiles {
		return nil, models.Invalid("/attachments", fmt.Sprintf("a case has at most %d attachments, this one would have %d", s.MaxFiles, had+len(ids)))
	}
	uploads, err := s.Store.Uploads(ctx, call.principal(), ids)
	if err != nil {
		return nil, err
	}
	refs := make([]models.FileRef, len(ids))
	for i, id := range ids {
		at := slices.IndexFunc(uploads, func(a models.Attachment) bool { return a.ID == id })
		switch {
		case slices.Contains(ids[:i], id):
			return nil, models.Invalid(fmt.Sprintf("/attachments/%d", i), "is named twice")
		case at < 0:
			return nil, models.Invalid(fmt.Sprintf("/attachments/%d", i), "is no upload of yours that is still free")
		}
		refs[i] = uploads[at].Ref()
	}
	return refs, nil
}

// claim turns the uploads that a wish names into its data, and keeps them for the command: whoever
// else names them from now on is refused before anything is decided.
func (s *Service) claim(ctx context.Context, call Call, row models.Case, w Wish) (models.Data, error) {
	if len(w.Attachments) == 0 {
		return w.Data, nil
	}
	filing, is := w.Data.(models.Filing)
	if !is {
		return nil, models.Invalid("/attachments", fmt.Sprintf("%s takes no attachments", w.Verb))
	}
	bound, err := s.Store.Attachments(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	bound = slices.DeleteFunc(bound, func(a models.Attachment) bool { return slices.Contains(w.Attachments, a.ID) }) // tried again
	refs, err := s.filesFor(ctx, call, w.Attachments, len(bound))
	if err != nil {
		return nil, err
	}
	claim := models.Attachment{CaseID: row.ID, Uploader: call.principal(), Command: call.commandID(), StagedAt: s.now()}
	return filing.WithFiles(refs), s.Store.ClaimFiles(ctx, row.KeyID, claim, w.Attachments)
}

// bindings ties what events name to them.
func bindings(events []models.Event) []models.FileBinding {
	var all []models.FileBinding
	for _, e := range events {
		all = append(all, models.Bindings(e)...)
	}
	return all
}

// errNoAttachment answers for an attachment that is not there and for one of another case, alike.
var errNoAttachment = models.Refuse(models.CodeNotFound, "this case has no such attachment")

// Attachments lists the attachments of a case in the order of its events.
func (s *Service) Attachments(ctx context.Context, a models.Actor, number string) ([]AttachmentView, error) {
	row, err := s.readable(ctx, a, number)
	if err != nil {
		return nil, err
	}
	bound, err := s.Store.Attachments(ctx, row.ID)
	if err != nil || len(bound) == 0 {
		return nil, err
	}
	events, err := s.events(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	var views []AttachmentView
	for _, e := range events {
		for _, ref := range models.FilesOf(e) {
			at := slices.IndexFunc(bound, func(f models.Attachment) bool { return f.ID == ref.ID && f.Seq == e.Seq })
			if at < 0 {
				continue // named before by another event
			}
			name, err := s.fileName(ctx, bound[at])
			if err != nil {
				return nil, err
			}
			views = append(views, AttachmentView{
				ID: ref.ID, Name: name, MediaType: ref.MediaType, Size: ref.Size, Seq: e.Seq, By: e.Actor, At: e.DecidedAt,
			})
		}
	}
	return views, nil
}

// readable returns the row of a case whose texts the actor may read.
func (s *Service) readable(ctx context.Context, a models.Actor, number string) (models.Case, error) {
	row, err := s.visible(ctx, a, number)
	if err == nil && models.See(a, row.Standing()) < models.SightMasked {
		err = models.Refuse(models.CodeForbidden, "what was said and sent in this case is not for you")
	}
	return row, err
}

// fileName opens the name of an attachment; empty after an erasure.
func (s *Service) fileName(ctx context.Context, file models.Attachment) (string, error) {
	key, err := s.Store.Key(ctx, file.KeyID)
	if err != nil || len(key.Wrapped) == 0 {
		return "", err
	}
	name, _, err := s.Vault.OpenText(key.Wrapped, key.ID, file.ID, file.Name)
	if err != nil {
		return "", fmt.Errorf("name of attachment %s cannot be read: %w", file.ID, err)
	}
	return name, nil
}

// Attachment opens one attachment of a case. CodeGone: its customer was erased.
func (s *Service) Attachment(ctx context.Context, a models.Actor, number, id string) (AttachmentView, []byte, error) {
	row, err := s.readable(ctx, a, number)
	if err != nil {
		return AttachmentView{}, nil, err
	}
	bound, err := s.Store.Attachments(ctx, row.ID)
	if err != nil {
		return AttachmentView{}, nil, err
	}
	at := slices.IndexFunc(bound, func(f models.Attachment) bool { return f.ID == id })
	if at < 0 {
		return AttachmentView{}, nil, errNoAttachment
	}
	return s.openFile(ctx, bound[at])
}

func (s *Service) openFile(ctx context.Context, file models.Attachment) (AttachmentView, []byte, error) {
	view := AttachmentView{ID: file.ID, MediaType: file.MediaType, Size: file.Size, Seq: file.Seq}
	key, err := s.Store.Key(ctx, file.KeyID)
	if err != nil {
		return view, nil, err
	}
	if len(key.Wrapped) == 0 {
		return view, nil, models.Refuse(models.CodeGone, "the customer was erased, and this file with them")
	}
	if view.Name, err = s.fileName(ctx, file); err != nil {
		return view, nil, err
	}
	sealed, err := s.Files.Get(file.Blob)
	if err != nil {
		return view, nil, fmt.Errorf("attachment %s: %w", file.ID, err)
	}
	content, err := s.Vault.OpenFile(key.Wrapped, key.ID, file.ID, sealed)
	if err == nil && s.Vault.DigestFile(content) != file.Digest {
		err = errors.New("the bytes are not those that were uploaded")
	}
	if err != nil {
		return view, nil, fmt.Errorf("attachment %s cannot be read: %w", file.ID, err)
	}
	return view, content, nil
}
