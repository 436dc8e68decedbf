package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// What is ours, and under vendor what `make assets` puts there.
//
//go:embed all:static
var static embed.FS

// vendored is what pages need of others; without it there is no console, and the program says so.
var vendored = []string{"vendor/tabler.min.css", "vendor/htmx.min.js", "vendor/echarts.min.js", "vendor/icons.svg"}

// assets are addressed by their checksum and therefore kept for ever.
type assets struct{ byName, byAddress map[string]*asset }

type asset struct {
	address string // below /static/
	kind    string
	plain   []byte
	zipped  func() []byte
}

func openAssets() (*assets, error) {
	a := &assets{byName: map[string]*asset{}, byAddress: map[string]*asset{}}
	err := fs.WalkDir(static, "static", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		content, err := static.ReadFile(file)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(file, "static/")
		sum := sha256.Sum256(content)
		one := &asset{
			address: hex.EncodeToString(sum[:8]) + "/" + name, kind: mime.TypeByExtension(path.Ext(name)), plain: content,
			zipped: sync.OnceValue(func() []byte { return zip(content) }),
		}
		a.byName[name], a.byAddress[one.address] = one, one
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range vendored {
		if a.byName[name] == nil {
			return nil, fmt.Errorf("the console was built without %s: run `make assets` and build again (it needs Node and npm)", name)
		}
	}
	return a, nil
}

func zip(content []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is right
	_, _ = w.Write(content)                                 // memory takes all
	_ = w.Close()
	return out.Bytes()
}

// address returns where an asset is found; an error for one that is not there ends the program at its
// first page, in a test.
func (a *assets) address(name string) (string, error) {
	one, is := a.byName[name]
	if !is {
		return "", fmt.Errorf("there is no asset %s", name)
	}
	return "/static/" + one.address, nil
}

// serve answers with an asset.
func (a *assets) serve(w http.ResponseWriter, r *http.Request) {
	one, is := a.byAddress[r.PathValue("address")]
	if !is {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", one.kind)
	h.Set("Vary", "Accept-Encoding")
	body := one.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = one.zipped()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}
