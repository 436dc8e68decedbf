package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// Routes of the contract on which files travel: they take longer, and are held in memory meanwhile.
const (
	uploadRoute   = "/api/v1/attachments"
	downloadRoute = "/api/v1/complaints/{number}/attachments/{id}"
	letterRoute   = "/api/v1/complaints/{number}/letter"
)

// transfers is how many files travel at a time.
const transfers = 8

func travels(route string) bool {
	return route == uploadRoute || route == downloadRoute || route == extractRoute
}

// fileHeaders keeps what people sent us from running in a browser, and from lying in its cache.
func fileHeaders(c *gin.Context, route string) {
	switch route {
	case downloadRoute, extractRoute:
		c.Header("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
		c.Header("Cache-Control", "private, no-store")
	case letterRoute:
		c.Header("Content-Security-Policy", letterPolicy)
		c.Header("Cache-Control", "private, no-store")
	}
}

// limitTransfers keeps the files in memory few: who comes when there are too many tries again.
func (d *door) limitTransfers(c *gin.Context) {
	if !travels(inboundOf(c.Request.Context()).route) {
		return
	}
	select {
	case d.transfers <- struct{}{}:
		defer func() { <-d.transfers }()
		c.Next()
	default:
		d.refuse(c, models.Refuse(models.CodeTooMany, "too many files are travelling; try again in a moment"))
	}
}

// envelope is how much a body may be larger than the file in it.
const envelope = 64 << 10

// takeUpload reads the one file of a multipart body. The hash of the request is that of the file, its
// name and its type: a client that tries again draws another boundary.
func (d *door) takeUpload(c *gin.Context, in *inbound) error {
	kind, params, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return models.Refuse(models.CodeMalformed, "send the file as Content-Type: multipart/form-data")
	}
	body, err := readBody(c.Writer, c.Request, d.MaxUpload+envelope)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return models.Refuse(models.CodeTooLarge, fmt.Sprintf("a file has at most %d bytes", d.MaxUpload))
	case err != nil:
		return models.Refuse(models.CodeMalformed, "the body ended before it was complete")
	}
	c.Request.Body = http.NoBody
	if in.upload, err = onlyFile(multipart.NewReader(bytes.NewReader(body), params["boundary"])); err != nil {
		return err
	}
	in.body = uploadHash(in.upload)
	return nil
}

// onlyFile reads a form that holds one file and nothing else.
func onlyFile(form *multipart.Reader) (upload cases.Upload, err error) {
	for found := false; ; found = true {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF) && found:
			return upload, nil
		case errors.Is(err, io.EOF):
			return upload, models.Invalid("/file", "is missing")
		case err != nil:
			return upload, models.Refuse(models.CodeMalformed, "the form cannot be read")
		case part.FormName() != "file":
			return upload, models.Invalid(pointerTo([]string{part.FormName()}), "is unsupported: the form holds one part, file")
		case found:
			return upload, models.Invalid("/file", "is given twice: hand in one file at a time")
		}
		upload.Name, upload.Declared = part.FileName(), part.Header.Get("Content-Type")
		if upload.Content, err = io.ReadAll(part); err != nil {
			return upload, models.Refuse(models.CodeMalformed, "the form cannot be read")
		}
	}
}

func uploadHash(u cases.Upload) (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(u.Name), []byte(u.Declared), u.Content} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write(part)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// UploadAttachment stages a file.
func (d *door) UploadAttachment(ctx context.Context, _ openapi.UploadAttachmentRequestObject) (openapi.UploadAttachmentResponseObject, error) {
	ctx, in := enter(ctx)
	up, err := d.Cases.Upload(ctx, in.call(), in.upload)
	if err != nil {
		return nil, err
	}
	return openapi.UploadAttachment201JSONResponse{
		Body:    openapi.Upload{ID: up.ID, Name: up.Name, MediaType: up.MediaType, Size: up.Size},
		Headers: openapi.UploadAttachment201ResponseHeaders{IdempotentReplayed: replayed(up.Replayed)},
	}, nil
}

// ListAttachments lists the attachments of a case.
func (d *door) ListAttachments(ctx context.Context, r openapi.ListAttachmentsRequestObject) (openapi.ListAttachmentsResponseObject, error) {
	ctx, in := enter(ctx)
	views, err := d.Cases.Attachments(ctx, in.actor(), r.Number)
	if err != nil {
		return nil, err
	}
	return openapi.ListAttachments200JSONResponse{Items: each(views, func(a cases.AttachmentView) openapi.Attachment {
		return openapi.Attachment{
			ID: a.ID, Name: a.Name, MediaType: a.MediaType, Size: a.Size, At: a.At, Seq: a.Seq,
			Actor: openapi.Actor{Kind: openapi.ActorKind(a.By.Kind), ID: a.By.ID, Roles: as[openapi.Role](a.By.Roles)},
		}
	})}, nil
}

// DownloadAttachment gives the bytes out, to be saved.
func (d *door) DownloadAttachment(ctx context.Context, r openapi.DownloadAttachmentRequestObject) (openapi.DownloadAttachmentResponseObject, error) {
	ctx, in := enter(ctx)
	view, content, err := d.Cases.Attachment(ctx, in.actor(), r.Number, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.DownloadAttachment200AsteriskResponse{
		Body: bytes.NewReader(content), ContentLength: int64(len(content)), ContentType: view.MediaType,
		Headers: openapi.DownloadAttachment200ResponseHeaders{ContentDisposition: saveAs(view.Name)},
	}, nil
}

// saveAs is a Content-Disposition that names a file in any language (RFC 6266, RFC 5987).
func saveAs(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%;`, r) {
			return '_'
		}
		return r
	}, name)
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}
