package files

import (
	"bytes"
	"fmt"
	"mime"
	"path"
	"slices"
	"strings"

	"recourse/models"
)

// field is what a refusal points to.
const field = "/file"

// Judge says what a file is by its content, and refuses one that is not allowed, is empty, or whose
// name or declared media type says something else than its content.
func Judge(name, declared string, content []byte) (mediaType string, err error) {
	if len(content) == 0 {
		return "", models.Invalid(field, "is empty")
	}
	sniffed := sniff(content)
	if sniffed == "" {
		return "", models.Invalid(field, "is none of the kinds that are taken: "+strings.Join(Names(), ", "))
	}
	extension := strings.ToLower(path.Ext(name))
	k, err := agreed(sniffed, extension)
	if err != nil {
		return "", err
	}
	if says := plainType(declared); says != "" && !k.calls(says) {
		return "", lies("declared as "+says, sniffed)
	}
	return k.mediaType, nil
}

// agreed finds the kind that both content and extension speak of. A container may hold several: what
// a zip of office parts is called decides nothing that its content does not say too.
func agreed(sniffed, extension string) (kind, error) {
	for _, k := range kinds {
		if k.mediaType == sniffed && (extension == "" || slices.Contains(k.extensions, extension)) {
			return k, nil
		}
	}
	return kind{}, lies(fmt.Sprintf("named %q", extension), sniffed)
}

func lies(says, is string) error {
	return models.Invalid(field, fmt.Sprintf("is %s, but its content is %s", says, is))
}

// plainType is a declared media type without its parameters; empty where it says nothing.
func plainType(declared string) string {
	if declared == "" {
		return ""
	}
	says, _, err := mime.ParseMediaType(declared)
	if err != nil {
		return "an unreadable media type"
	}
	if says == "application/octet-stream" || says == "application/x-www-form-urlencoded" {
		return "" // what programs send that do not know
	}
	return says
}

// A kind of file that is taken.
type kind struct {
	mediaType  string
	extensions []string
	aliases    []string // other media types that programs declare for it
}

func (k kind) calls(says string) bool { return says == k.mediaType || slices.Contains(k.aliases, says) }

const (
	wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	cellType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// kinds is the closed set of what is taken: pictures, recordings and documents, nothing that runs.
var kinds = []kind{
	{"image/jpeg", []string{".jpg", ".jpeg", ".jfif"}, []string{"image/jpg", "image/pjpeg"}},
	{"image/png", []string{".png"}, []string{"image/x-png"}},
	{"image/gif", []string{".gif"}, nil},
	{"image/webp", []string{".webp"}, nil},
	{"image/bmp", []string{".bmp"}, []string{"image/x-ms-bmp"}},
	{"image/heic", []string{".heic", ".heif"}, []string{"image/heif"}},
	{"application/pdf", []string{".pdf"}, []string{"application/x-pdf"}},
	{wordType, []string{".docx"}, nil},
	{cellType, []string{".xlsx"}, nil},
	{"text/plain", []string{".txt", ".text", ".log", ".csv"}, []string{"text/csv"}},
	{"audio/mpeg", []string{".mp3"}, []string{"audio/mp3", "audio/mpeg3", "audio/x-mpeg"}},
	{"audio/wav", []string{".wav"}, []string{"audio/x-wav", "audio/wave", "audio/vnd.wave"}},
	{"audio/amr", []string{".amr"}, []string{"audio/3gpp", "audio/amr-nb", "audio/amr-wb"}},
	{"audio/ogg", []string{".ogg", ".oga", ".opus"}, []string{"application/ogg", "audio/opus"}},
	{"audio/mp4", []string{".m4a"}, []string{"audio/x-m4a", "audio/m4a", "audio/aac"}},
	{"video/mp4", []string{".mp4", ".m4v"}, []string{"video/x-m4v"}},
	{"video/quicktime", []string{".mov", ".qt"}, nil},
	{"video/3gpp", []string{".3gp"}, []string{"audio/3gpp"}},
	{"video/webm", []string{".webm"}, []string{"audio/webm"}},
}

// Names lists the extensions of what is taken, for people.
func Names() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = strings.TrimPrefix(k.extensions[0], ".")
	}
	return names
}

// Extension is the usual extension of a media type; ".bin" when it is none of ours.
func Extension(mediaType string) string {
	for _, k := range kinds {
		if k.mediaType == mediaType {
			return k.extensions[0]
		}
	}
	return ".bin"
}

// CleanName is the last part of a name as an uploader gives it, without what a file system or a
// header could take amiss; empty when nothing is left.
func CleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", r) {
			return -1 // what turns the direction of writing hides an extension
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Trim(name, " .")
	const most = 200
	if runes := []rune(name); len(runes) > most {
		extension := path.Ext(name)
		if len(extension) > 10 {
			extension = ""
		}
		name = string(runes[:most-len([]rune(extension))]) + extension
	}
	return name
}

func startsWith(content []byte, magic string) bool { return bytes.HasPrefix(content, []byte(magic)) }
