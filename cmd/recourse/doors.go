package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"recourse/api"
	"recourse/console"
	"recourse/internal/extract"
	"recourse/internal/paper"
	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/models"
)

// doors are the two ways in, for programs and for people, behind one address.
func (s *stack) doors() (http.Handler, error) {
	proxies, err := s.cfg.HTTP.Proxies()
	if err != nil {
		return nil, err
	}
	trusted := make([]string, len(proxies))
	for i, p := range proxies {
		trusted[i] = p.String()
	}
	programs, err := api.New(api.Config{
		Cases: s.service, Figures: s.figures, Reports: s.reports, Extracts: s.extracts(), Log: s.log, Now: time.Now, NewID: newID, PublicURL: s.cfg.HTTP.PublicURL, Observe: s.metrics.Request,
		MaxUpload: int64(s.cfg.Files.MaxSize), TrustedProxies: trusted,
	})
	if err != nil {
		return nil, err
	}
	zone, err := policy.Zone(s.cfg.Company.Zone)
	if err != nil {
		return nil, err
	}
	people, err := console.New(console.Config{
		Cases: s.service, Figures: s.figures, Reports: s.reports, Press: paper.New(""), Extracts: s.extracts(), Log: s.log, Now: time.Now, NewID: newID, Company: s.cfg.Company.Name, Language: s.cfg.Company.Language, Zone: zone,
		PublicURL: s.cfg.HTTP.PublicURL, TrustedProxies: proxies, TemporalURL: s.cfg.Temporal.UIURL, TemporalNamespace: s.cfg.Temporal.Namespace, Version: version, Observe: s.metrics.Request,
		MaxUpload: int64(s.cfg.Files.MaxSize), Simulations: s.simulations(zone),
	})
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if forPrograms(r) {
			programs.ServeHTTP(w, r)
			return
		}
		people.ServeHTTP(w, r)
	}), nil
}

// forPrograms says which door a request is meant for. The customers' links lead to both: whoever asks
// for a page or sends a form gets pages.
func forPrograms(r *http.Request) bool {
	path := r.URL.Path
	for _, own := range []string{"/api/", "/docs/"} {
		if strings.HasPrefix(path, own) {
			return true
		}
	}
	switch path {
	case "/openapi.json", "/docs", "/metrics", "/healthz", "/readyz":
		return true
	}
	if !strings.HasPrefix(path, "/t/") && !strings.HasPrefix(path, "/s/") {
		return false
	}
	kind := r.Header.Get("Content-Type")
	form := strings.HasPrefix(kind, "application/x-www-form-urlencoded") || strings.HasPrefix(kind, "multipart/form-data")
	return !form && !strings.Contains(r.Header.Get("Accept"), "text/html")
}

// extracts is where the tables of the record come from.
func (s *stack) extracts() extract.Source {
	return extract.Source{Record: s.store, Past: func(ctx context.Context, zone string, versions ...string) (extract.Past, error) {
		past, err := s.plans.Past(ctx, zone, versions...)
		if models.CodeOf(err) == models.CodeNotFound { // of a record that was put together elsewhere: every hour counts
			return policies.Past{}, nil
		}
		return past, err
	}}
}
