package telemetry

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the figures of one process, in a registry of their own.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	intake   *prometheus.CounterVec
	messages *prometheus.CounterVec
	diverged prometheus.Counter
	restarts prometheus.Counter
	lateness prometheus.Histogram
	delay    *prometheus.HistogramVec
}

// New makes the metrics.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counters("recourse_http_requests_total", "Requests by route, method and status.", "route", "method", "status"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "recourse_http_request_seconds", Help: "Time to answer a request, by route.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
		intake:   counters("recourse_intake_total", "Complaints put on record, by whether their workflow started at once.", "orchestration"),
		messages: counters("recourse_messages_total", "Messages by channel and what became of them.", "channel", "state"),
		diverged: prometheus.NewCounter(prometheus.CounterOpts{Name: "recourse_diverged_total", Help: "Workflows found to differ from the record."}),
		lateness: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "recourse_timer_lateness_seconds", Help: "From the instant something fell due to the instant it was decided.",
			Buckets: []float64{.01, .05, .1, .5, 1, 5, 15, 60, 300, 3600, 86400},
		}),
		delay: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "recourse_message_delay_seconds", Help: "From the event that causes a message to its leaving, by channel and whether it is an alert.",
			Buckets: []float64{.5, 1, 2, 5, 15, 60, 300, 1800, 3600, 14400, 86400},
		}, []string{"channel", "alert"}),
		restarts: prometheus.NewCounter(prometheus.CounterOpts{Name: "recourse_sweep_restarts_total", Help: "Workflows that a sweep asked to start again."}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.intake, m.messages, m.diverged, m.restarts, m.lateness, m.delay,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Request counts an answered request.
func (m *Metrics) Request(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// Intake counts a complaint put on record.
func (m *Metrics) Intake(orchestration string) { m.intake.WithLabelValues(orchestration).Inc() }

// Message counts a message that was sent, failed or skipped.
func (m *Metrics) Message(channel, state string) { m.messages.WithLabelValues(channel, state).Inc() }

// Diverged counts a workflow that differs from the record.
func (m *Metrics) Diverged() { m.diverged.Inc() }

// Late notes how long after its due instant something that happens by itself was decided.
func (m *Metrics) Late(by time.Duration) { m.lateness.Observe(by.Seconds()) }

// Delay notes how long after its event a message left.
func (m *Metrics) Delay(channel string, alert bool, by time.Duration) {
	m.delay.WithLabelValues(channel, strconv.FormatBool(alert)).Observe(max(by, 0).Seconds())
}

// Restarts counts workflows that a sweep asked to start again.
func (m *Metrics) Restarts(n int) { m.restarts.Add(float64(n)) }

// Gauge registers a figure that is read when somebody asks.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}
