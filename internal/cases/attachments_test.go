package cases_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/files"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
)

const png = "\x89PNG\x0d\x0a\x1a\x0athe photo"

// office is the service over a real store and a real folder.
type office struct {
	*cases.Service

	store  *store.Store
	folder string
	keys   atomic.Int64
}

func newOffice(t *testing.T) *office {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "cases.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.MasterSize))
	require.NoError(t, err)
	o := &office{store: s, folder: filepath.Join(t.TempDir(), "files")}
	o.Service = cases.New(cases.Config{
		Store: s, Vault: v, Starter: later{}, Plans: book(s, time.Now), Hash: vault.TokenHash, Files: files.In(o.folder),
		MaxFile: 1000, MaxFiles: 3, Company: "示例公司", Language: models.LanguageZH, Zone: time.UTC, Now: time.Now,
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Logger: slog.New(slog.DiscardHandler),
	})
	return o
}

var (
	ann = actor("ann", models.RoleIntake)
	sue = actor("sue", models.RoleSupervisor)
)

// by is a call with a key of its own.
func (o *office) by(a models.Actor) cases.Call {
	return cases.Call{Actor: a, Route: "POST /x", Key: strconv.FormatInt(o.keys.Add(1), 10), Body: []byte("body")}
}

func (o *office) upload(t *testing.T, a models.Actor, name, content string) cases.Uploaded {
	t.Helper()
	up, err := o.Upload(t.Context(), o.by(a), cases.Upload{Name: name, Content: []byte(content)})
	require.NoError(t, err)
	return up
}

func complaint(ids ...string) cases.NewComplaint {
	return cases.NewComplaint{
		Opened: models.Opened{Channel: models.ChannelPhone}, Text: "the kettle leaks", Attachments: ids,
		Contact: models.Contact{Name: "王芳", Phone: "13800138000", Address: "南京路 1 号"},
	}
}

func pointer(t *testing.T, err error, code models.Code, field string) {
	t.Helper()
	require.Equal(t, code, models.CodeOf(err), "%v", err)
	var ours *models.Error
	require.ErrorAs(t, err, &ours)
	require.Equal(t, field, ours.Field, "%v", err)
}

func TestAnUploadComesWithItsComplaintAndIsReadBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	one, two := o.upload(t, ann, "漏水.png", png), o.upload(t, ann, "note.txt", "见照片")
	require.Equal(t, "image/png", one.MediaType)
	require.EqualValues(t, len(png), one.Size)
	a, err := o.Open(t.Context(), o.by(ann), complaint(two.ID, one.ID))
	require.NoError(t, err)

	list, err := o.Attachments(t.Context(), sue, a.Number)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, []string{"note.txt", "漏水.png"}, []string{list[0].Name, list[1].Name}, "in the order they were named")
	require.EqualValues(t, 1, list[1].Seq)
	require.Equal(t, "ann", list[1].By.ID)
	view, content, err := o.Attachment(t.Context(), sue, a.Number, one.ID)
	require.NoError(t, err)
	require.Equal(t, png, string(content))
	require.Equal(t, "漏水.png", view.Name)

	entries, err := o.store.Entries(t.Context(), a.ID, 0, 1)
	require.NoError(t, err)
	require.Contains(t, string(entries[0].Body), one.ID)
	require.NotContains(t, string(entries[0].Body), "漏水", "a file's name is nobody's business but its readers'")
	var records, keys strings.Builder
	require.NoError(t, o.store.Dump(t.Context(), &records, &keys))
	require.NotContains(t, records.String(), "漏水")
	require.NoError(t, files.In(o.folder).Each(func(name string, _ time.Time) error {
		sealed, err := files.In(o.folder).Get(name)
		require.NotContains(t, string(sealed), "the photo")
		return err
	}))
}

func TestAnUploadIsNamedOnceByWhoeverMadeIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	mine, theirs := o.upload(t, ann, "a.png", png), o.upload(t, sue, "b.png", png)
	for name, tt := range map[string]struct {
		ids   []string
		field string
	}{
		"unknown":         {[]string{mine.ID, "nothing"}, "/attachments/1"},
		"somebody else's": {[]string{theirs.ID}, "/attachments/0"},
		"twice":           {[]string{mine.ID, mine.ID}, "/attachments/1"},
		"too many":        {[]string{"a", "b", "c", "d"}, "/attachments"},
	} {
		_, err := o.Open(t.Context(), o.by(ann), complaint(tt.ids...))
		pointer(t, err, models.CodeInvalid, tt.field)
		require.Error(t, err, name)
	}
	call := o.by(ann)
	first, err := o.Open(t.Context(), call, complaint(mine.ID))
	require.NoError(t, err)
	again, err := o.Open(t.Context(), call, complaint(mine.ID))
	require.NoError(t, err, "the same key")
	require.True(t, again.Replayed)
	require.Equal(t, first.Number, again.Number)
	_, err = o.Open(t.Context(), o.by(ann), complaint(mine.ID))
	pointer(t, err, models.CodeInvalid, "/attachments/0")
}

func TestWhatIsNoUploadIsRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for name, tt := range map[string]struct {
		upload cases.Upload
		code   models.Code
		field  string
	}{
		"empty":                {cases.Upload{Name: "a.png"}, models.CodeInvalid, "/file"},
		"without a name":       {cases.Upload{Name: "../", Content: []byte(png)}, models.CodeInvalid, "/file"},
		"too large":            {cases.Upload{Name: "a.png", Content: []byte(png + strings.Repeat("x", 1000))}, models.CodeTooLarge, ""},
		"a program":            {cases.Upload{Name: "a.exe", Content: []byte("MZ\x90\x00")}, models.CodeInvalid, "/file"},
		"of another type":      {cases.Upload{Name: "a.png", Declared: "image/gif", Content: []byte(png)}, models.CodeInvalid, "/file"},
		"of another extension": {cases.Upload{Name: "a.pdf", Content: []byte(png)}, models.CodeInvalid, "/file"},
	} {
		_, err := o.Upload(t.Context(), o.by(ann), tt.upload)
		pointer(t, err, tt.code, tt.field)
		require.Error(t, err, name)
	}
	for _, nobody := range []models.Actor{actor("x"), actor("x", models.RoleOps, models.RoleHR, models.RoleAdmin), actor("x", models.RoleAuditor), models.TheCustomer()} {
		_, err := o.Upload(t.Context(), o.by(nobody), cases.Upload{Name: "a.png", Content: []byte(png)})
		require.Equal(t, models.CodeForbidden, models.CodeOf(err))
	}
	require.NoDirExists(t, o.folder, "nothing that was refused is kept")
}

func TestTheSameKeyUploadsOnceAndItsAnswerKeepsNoName(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	call, up := o.by(ann), cases.Upload{Name: "王芳.png", Content: []byte(png)}
	first, err := o.Upload(t.Context(), call, up)
	require.NoError(t, err)
	again, err := o.Upload(t.Context(), call, up)
	require.NoError(t, err)
	require.True(t, again.Replayed)
	require.Equal(t, first.ID, again.ID)
	require.Equal(t, "王芳.png", again.Name)
	var records, keys strings.Builder
	require.NoError(t, o.store.Dump(t.Context(), &records, &keys))
	require.NotContains(t, records.String(), "王芳")
}

func TestAnAttachmentIsForThoseWhoReadTheCase(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	up := o.upload(t, ann, "a.png", png)
	a, err := o.Open(t.Context(), o.by(ann), complaint(up.ID))
	require.NoError(t, err)
	other, err := o.Open(t.Context(), o.by(ann), complaint())
	require.NoError(t, err)
	for name, tt := range map[string]struct {
		actor models.Actor
		code  models.Code
	}{
		"quality reads without contact data": {actor("q", models.RoleQuality), ""},
		"an auditor reads":                   {actor("x", models.RoleAuditor), ""},
		"ops does not":                       {actor("o", models.RoleOps), models.CodeForbidden},
		"hr does not":                        {actor("h", models.RoleHR), models.CodeForbidden},
		"an admin does not":                  {actor("m", models.RoleAdmin), models.CodeForbidden},
		"another department does not know":   {actor("d", models.RoleHandler), models.CodeNotFound},
	} {
		_, _, err := o.Attachment(t.Context(), tt.actor, a.Number, up.ID)
		require.Equal(t, tt.code, models.CodeOf(err), name)
		_, err = o.Attachments(t.Context(), tt.actor, a.Number)
		require.Equal(t, tt.code, models.CodeOf(err), name)
	}
	_, _, err = o.Attachment(t.Context(), sue, a.Number, "nothing")
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	_, _, err = o.Attachment(t.Context(), sue, other.Number, up.ID)
	require.Equal(t, models.CodeNotFound, models.CodeOf(err), "another case's")
	_, _, err = o.Attachment(t.Context(), sue, a.Number, o.upload(t, sue, "b.png", png).ID)
	require.Equal(t, models.CodeNotFound, models.CodeOf(err), "staged only")
	none, err := o.Attachments(t.Context(), sue, other.Number)
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestAnErasedCustomersFilesAreGone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	up := o.upload(t, ann, "a.png", png)
	a, err := o.Open(t.Context(), o.by(ann), complaint(up.ID))
	require.NoError(t, err)
	row, err := o.store.Case(t.Context(), a.ID)
	require.NoError(t, err)
	require.NoError(t, o.store.Erase(t.Context(), row.CustomerID, time.Now()))
	_, _, err = o.Attachment(t.Context(), sue, a.Number, up.ID)
	require.Equal(t, models.CodeGone, models.CodeOf(err))
	list, err := o.Attachments(t.Context(), sue, a.Number)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Empty(t, list[0].Name)
	_, err = o.Letter(t.Context(), sue, a.Number, cases.LetterReceipt)
	require.Equal(t, models.CodeGone, models.CodeOf(err))
}

func TestAnAlteredFileIsNeverGivenOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	up := o.upload(t, ann, "a.png", png)
	a, err := o.Open(t.Context(), o.by(ann), complaint(up.ID))
	require.NoError(t, err)
	require.NoError(t, files.In(o.folder).Each(func(name string, _ time.Time) error {
		return os.WriteFile(filepath.Join(o.folder, name[:2], name), []byte("else"), 0o600)
	}))
	_, content, err := o.Attachment(t.Context(), sue, a.Number, up.ID)
	require.Equal(t, models.CodeInternal, models.CodeOf(err))
	require.ErrorIs(t, err, files.ErrAltered)
	require.Empty(t, content)
}

func TestALetterTellsWhatWasTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, err := o.Open(t.Context(), o.by(ann), complaint())
	require.NoError(t, err)
	letter, err := o.Letter(t.Context(), sue, a.Number, cases.LetterReceipt)
	require.NoError(t, err)
	require.Equal(t, "示例公司", letter.Company)
	require.Equal(t, a.Number, letter.Number)
	require.Equal(t, "王芳", letter.Name)
	require.Equal(t, "南京路 1 号", letter.Address)
	require.Equal(t, "the kettle leaks", letter.Text)
	require.Equal(t, a.FeedbackDue, letter.FeedbackDue)
	_, err = o.Letter(t.Context(), sue, a.Number, cases.LetterReply)
	require.Equal(t, models.CodeNotFound, models.CodeOf(err), "nothing was told yet")
	_, err = o.Letter(t.Context(), actor("q", models.RoleQuality), a.Number, cases.LetterReceipt)
	require.Equal(t, models.CodeForbidden, models.CodeOf(err), "masked")
	_, err = o.Letter(t.Context(), actor("d", models.RoleHandler), a.Number, cases.LetterReceipt)
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
}
