package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Patience is how long a page is waited for.
const Patience = 20 * time.Second

// Browser is one chromium. Its windows share nothing: each has cookies of its own.
type Browser struct {
	ctx  context.Context
	stop func()
}

// ErrNone says that there is no chromium on this machine.
var ErrNone = errors.New("no chromium on this machine (on Debian: apt-get install chromium fonts-noto-cjk)")

// Start starts a chromium; ErrNone when there is none.
func Start(ctx context.Context) (*Browser, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, ErrNone
	}
	profile, err := os.MkdirTemp("", "recourse-chromium-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true), chromedp.Flag("disable-dev-shm-usage", true),
	)
	ctx, freeProcess := chromedp.NewExecAllocator(ctx, options...)
	ctx, freeBrowser := chromedp.NewContext(ctx)
	b := &Browser{ctx: ctx, stop: func() { freeBrowser(); freeProcess(); _ = os.RemoveAll(filepath.Clean(profile)) }}
	if err := chromedp.Run(ctx); err != nil {
		b.stop()
		return nil, fmt.Errorf("start chromium: %w", err)
	}
	return b, nil
}

// Stop ends the chromium and removes what it wrote.
func (b *Browser) Stop() { b.stop() }

// Look is how a window looks at pages.
type Look struct {
	Width, Height int64
	Touch         bool
	Dark          bool
	WithoutScript bool
	Language      string // Accept-Language
	Zone          string // IANA name
}

// Desk and Phone are the two sizes at which every page is looked at.
var (
	Desk  = Look{Width: 1280, Height: 900, Zone: "Asia/Shanghai", Language: "en"}
	Phone = Look{Width: 390, Height: 844, Touch: true, Zone: "Asia/Shanghai", Language: "en"}
)

// Window is one window of somebody.
type Window struct {
	ctx   context.Context
	close func()

	mu     sync.Mutex
	faults []string // what the console of the browser complained about
}

// Open opens a window with cookies of its own.
func (b *Browser) Open(look Look) (*Window, error) {
	tab, err := b.tab()
	if err != nil {
		return nil, err
	}
	ctx, done := chromedp.NewContext(b.ctx, chromedp.WithTargetID(tab))
	w := &Window{ctx: ctx, close: done}
	chromedp.ListenTarget(ctx, w.hear)
	err = chromedp.Run(ctx, network.Enable(), runtime.Enable(), log.Enable(), emulation.SetTimezoneOverride(look.Zone))
	if err == nil {
		err = w.Become(look)
	}
	if err != nil {
		done()
		return nil, fmt.Errorf("open a window: %w", err)
	}
	return w, nil
}

// Become changes how the window looks at pages, but for its time zone; the page that is open sees
// what a page can see of that. Pages are asked for less motion: one that still scrolls when a button is
// pressed takes it away from under the finger.
func (w *Window) Become(look Look) error {
	scheme := "light"
	if look.Dark {
		scheme = "dark"
	}
	return w.do(
		"change the window", emulation.SetDeviceMetricsOverride(look.Width, look.Height, 1, look.Touch),
		emulation.SetTouchEmulationEnabled(look.Touch),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}),
		emulation.SetScriptExecutionDisabled(look.WithoutScript),
		network.SetExtraHTTPHeaders(network.Headers{"Accept-Language": look.Language}),
	)
}

// Keep gives the window a cookie, as if a page of that address had set it.
func (w *Window) Keep(url, name, value string) error {
	return w.do("keep "+name, network.SetCookie(name, value).WithURL(url).WithPath("/").WithSecure(strings.HasPrefix(name, "__Host-")))
}

// tab makes a window of its own in a profile of its own: a headless chromium opens no tab in a profile
// that has no window yet, which is all that chromedp asks for.
func (b *Browser) tab() (target.ID, error) {
	ctx := cdp.WithExecutor(b.ctx, chromedp.FromContext(b.ctx).Browser)
	profile, err := target.CreateBrowserContext().Do(ctx)
	if err != nil {
		return "", fmt.Errorf("make a profile: %w", err)
	}
	tab, err := target.CreateTarget("about:blank").WithBrowserContextID(profile).WithNewWindow(true).Do(ctx)
	if err != nil {
		return "", fmt.Errorf("open a tab: %w", err)
	}
	return tab, nil
}

// Close closes the window.
func (w *Window) Close() { w.close() }

func (w *Window) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		w.faults = append(w.faults, "exception: "+e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			var said []string
			for _, arg := range e.Args {
				said = append(said, string(arg.Value)+arg.Description)
			}
			w.faults = append(w.faults, "console: "+strings.Join(said, " "))
		}
	case *page.EventJavascriptDialogOpening:
		if e.Type != page.DialogTypeBeforeunload {
			w.faults = append(w.faults, fmt.Sprintf("%s: %s", e.Type, e.Message))
			go func() { _ = w.do("close a dialog", page.HandleJavaScriptDialog(false)) }() // until then the page waits
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			w.faults = append(w.faults, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	}
}

// Faults returns what the browser complained about since it was asked last: exceptions, errors,
// refused content.
func (w *Window) Faults() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	faults := w.faults
	w.faults = nil
	return faults
}

// do runs actions within Patience.
func (w *Window) do(doing string, actions ...chromedp.Action) error {
	ctx, cancel := context.WithTimeout(w.ctx, Patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// Go opens an address and waits until it is loaded.
func (w *Window) Go(url string) error {
	return w.do("go to "+url, chromedp.Navigate(url), chromedp.WaitReady("main"))
}

// Fill puts a value into the field that a CSS selector names, in place of what it held, at once, as an
// input method does.
func (w *Window) Fill(selector, value string) error {
	return w.do("fill "+selector, chromedp.WaitVisible(selector),
		chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).value = ""`, selector), nil), chromedp.Focus(selector), input.InsertText(value))
}

// Choose chooses a value of a select, as somebody does who picks it.
func (w *Window) Choose(selector, value string) error {
	const pick = `(el => { el.value = %q; for (const e of ["input", "change"]) el.dispatchEvent(new Event(e, {bubbles: true})); })(document.querySelector(%q))`
	return w.do("choose "+selector, chromedp.WaitReady(selector), chromedp.Evaluate(fmt.Sprintf(pick, value, selector), nil))
}

// Tap presses what a CSS selector names where its own look may be hidden, such as a radio button under
// a number.
func (w *Window) Tap(selector string) error {
	return w.do("tap "+selector, chromedp.WaitReady(selector), chromedp.Evaluate(fmt.Sprintf(`document.querySelector(%q).click()`, selector), nil))
}

// Attach chooses files for a file field, in place of those it held.
func (w *Window) Attach(selector string, paths ...string) error {
	return w.do("attach to "+selector, chromedp.WaitReady(selector), chromedp.SetUploadFiles(selector, paths))
}

// Send presses a button that leads to another page, and waits for that one. The page that is left is
// marked: what the browser tells of loading is late on a busy machine, and may be about the page before.
func (w *Window) Send(selector string) error {
	return w.do("send "+selector, chromedp.ScrollIntoView(selector), chromedp.Evaluate(`void (document.left = true)`, nil),
		chromedp.Click(selector, chromedp.NodeVisible), chromedp.ActionFunc(nextPage))
}

// nextPage waits for a page that nobody has marked. In between there is none to be asked, which is no
// error: the context ends the waiting.
func nextPage(ctx context.Context) error {
	const there = `!document.left && document.readyState === "complete" && !!document.querySelector("main")`
	for {
		var arrived bool
		if err := chromedp.Evaluate(there, &arrived).Do(ctx); err == nil && arrived {
			return chromedp.WaitReady("main").Do(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the next page: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// See waits until what a CSS selector names is to be seen.
func (w *Window) See(selector string) error {
	return w.do("see "+selector, chromedp.WaitVisible(selector))
}

// Read returns the text of what a CSS selector names.
func (w *Window) Read(selector string) (text string, err error) {
	return text, w.do("read "+selector, chromedp.Text(selector, &text))
}

// Ask evaluates an expression on the page.
func (w *Window) Ask(expression string, answer any) error {
	return w.do("evaluate", chromedp.Evaluate(expression, answer))
}

// Address is where the window is.
func (w *Window) Address() (url string, err error) {
	return url, w.do("ask for the address", chromedp.Location(&url))
}

// Shot returns a picture of the whole page, as PNG.
func (w *Window) Shot() (png []byte, err error) {
	return png, w.do("take a picture", chromedp.FullScreenshot(&png, 100))
}

// Paper returns the page as it is printed, on A4, as PDF.
func (w *Window) Paper() (pdf []byte, err error) {
	const width, height = 8.27, 11.69 // inches
	return pdf, w.do("print", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = page.PrintToPDF().WithPaperWidth(width).WithPaperHeight(height).Do(ctx)
		return err
	}))
}

// Sight returns a picture of what fits into the window, as PNG.
func (w *Window) Sight() (png []byte, err error) {
	return png, w.do("take a picture", chromedp.CaptureScreenshot(&png))
}

// Overflow says by how many pixels a page is wider than its window.
func (w *Window) Overflow() (pixels int, err error) {
	return pixels, w.Ask(`Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)`, &pixels)
}
