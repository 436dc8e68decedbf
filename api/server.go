package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"recourse/api/openapi"
	"recourse/internal/extract"
	"recourse/internal/throttle"
	"recourse/models"
)

// Config is what a door is made of. Cases, Figures, Reports, Log, Now and NewID are required.
type Config struct {
	Cases    Cases
	Figures  Figures
	Reports  Reports
	Extracts extract.Source
	Log      *slog.Logger
	Now      func() time.Time
	NewID    func() string // of a request that brings none

	PublicURL      string       // before the customers' links; empty: relative
	TrustedProxies []string     // whose X-Forwarded-For is believed; none by default
	Metrics        http.Handler // served at /metrics; nil: not here
	// Observe is told of every answer; route is the contract's path, never a customer's.
	Observe func(route, method string, status int, took time.Duration)

	Timeout       time.Duration // of one request; 0: 10 s
	TransferTime  time.Duration // of one that carries a file; 0: 5 min
	MaxBody       int64         // in bytes; 0: 1 MiB
	MaxUpload     int64         // in bytes, of a file; 0: 20 MiB
	CustomerRate  rate.Limit    // requests a second per address and link; 0: 1
	CustomerBurst int           // 0: 20
}

func (c Config) withDefaults() Config {
	if c.Observe == nil {
		c.Observe = func(string, string, int, time.Duration) {}
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.TransferTime == 0 {
		c.TransferTime = 5 * time.Minute
	}
	if c.MaxBody == 0 {
		c.MaxBody = 1 << 20
	}
	if c.MaxUpload == 0 {
		c.MaxUpload = 20 << 20
	}
	if c.CustomerRate == 0 {
		c.CustomerRate = 1
	}
	if c.CustomerBurst == 0 {
		c.CustomerBurst = 20
	}
	return c
}

// New makes the door. The server around it brings its own read and idle timeouts.
func New(cfg Config) (http.Handler, error) {
	if cfg.Cases == nil || cfg.Figures == nil || cfg.Reports == nil || cfg.Log == nil || cfg.Now == nil || cfg.NewID == nil {
		return nil, errors.New("the door needs cases, figures, reports, a log, a clock and a source of ids")
	}
	cfg = cfg.withDefaults()
	held, err := loadContract()
	if err != nil {
		return nil, err
	}
	d := &door{Config: cfg, contract: held, throttle: throttle.New(cfg.CustomerRate, cfg.CustomerBurst, cfg.Now), transfers: make(chan struct{}, transfers)}

	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.ContextWithFallback = true     // a handler's context is the request's
	engine.RedirectTrailingSlash = false  // one address per thing
	engine.UseRawPath = true              // %2F is no separator
	engine.UnescapePathValues = true      // but what is between separators is text
	engine.HandleMethodNotAllowed = false // what is not in the contract is not there
	if err := engine.SetTrustedProxies(cfg.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	engine.Use(d.begin, d.recover, d.limitTime)
	engine.NoRoute(func(c *gin.Context) {
		d.refuse(c, models.Refuse(models.CodeNotFound, "there is nothing at this address with this method; /openapi.json lists what there is"))
	})
	d.pages(engine)
	openapi.RegisterHandlersWithOptions(engine.Group("", d.limitRate, d.authenticate, d.limitTransfers, d.hold), d.strict(), openapi.GinServerOptions{
		ErrorHandler: func(c *gin.Context, err error, _ int) { d.refuse(c, unreadable(err)) },
	})
	return engine, nil
}

// strict wraps the handlers in the generated decoding. Its three ways to fail all end in refuse.
func (d *door) strict() openapi.ServerInterface {
	return openapi.NewStrictHandlerWithOptions(d, nil, openapi.StrictGinServerOptions{
		RequestErrorHandlerFunc:  func(c *gin.Context, err error) { d.refuse(c, unreadable(err)) },
		HandlerErrorFunc:         d.refuse,
		ResponseErrorHandlerFunc: d.refuse,
	})
}

// unreadable is what passed the contract and still cannot be read, such as the 30th of February.
func unreadable(err error) error {
	return models.Refuse(models.CodeMalformed, cut("the request cannot be read: "+err.Error()))
}
