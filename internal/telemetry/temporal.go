package telemetry

import (
	"maps"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/client"
)

// Temporal returns the handler through which the Temporal SDK reports its own metrics.
func (m *Metrics) Temporal() client.MetricsHandler {
	return &sdkHandler{sdkMetrics: &sdkMetrics{registry: m.registry, vecs: map[string]any{}}}
}

// sdkMetrics keeps one vector per metric.
type sdkMetrics struct {
	registry *prometheus.Registry
	mu       sync.Mutex
	vecs     map[string]any
}

// sdkHandler is the SDK's view of the metrics under some tags.
type sdkHandler struct {
	*sdkMetrics
	tags map[string]string
}

// WithTags implements client.MetricsHandler.
func (h *sdkHandler) WithTags(tags map[string]string) client.MetricsHandler {
	all := maps.Clone(tags)
	if all == nil {
		all = map[string]string{}
	}
	for name, value := range h.tags {
		if _, own := all[name]; !own {
			all[name] = value
		}
	}
	return &sdkHandler{sdkMetrics: h.sdkMetrics, tags: all}
}

// Counter implements client.MetricsHandler.
func (h *sdkHandler) Counter(name string) client.MetricsCounter {
	vec := vector(h, name, func(n string, labels []string) *prometheus.CounterVec {
		return counters(n, "From the Temporal SDK.", labels...)
	})
	if vec == nil {
		return client.MetricsNopHandler.Counter(name)
	}
	c := vec.With(h.labels())
	return counterFunc(func(n int64) { c.Add(float64(n)) })
}

// Gauge implements client.MetricsHandler.
func (h *sdkHandler) Gauge(name string) client.MetricsGauge {
	vec := vector(h, name, func(n string, labels []string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: n, Help: "From the Temporal SDK."}, labels)
	})
	if vec == nil {
		return client.MetricsNopHandler.Gauge(name)
	}
	return gaugeFunc(vec.With(h.labels()).Set)
}

// Timer implements client.MetricsHandler; times are in seconds.
func (h *sdkHandler) Timer(name string) client.MetricsTimer {
	vec := vector(h, name+"_seconds", func(n string, labels []string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: n, Help: "From the Temporal SDK.", Buckets: []float64{.001, .005, .01, .05, .1, .5, 1, 5, 10, 60},
		}, labels)
	})
	if vec == nil {
		return client.MetricsNopHandler.Timer(name)
	}
	o := vec.With(h.labels())
	return timerFunc(func(d time.Duration) { o.Observe(d.Seconds()) })
}

// sdkLabels are the tags of the SDK that we keep. Every metric has all of them, because Prometheus
// wants one set of labels per name and the SDK does not.
var sdkLabels = []string{
	"namespace", "task_queue", "workflow_type", "activity_type", "operation", "status_code", "failure_reason",
	"worker_type", "poller_type",
}

// vector returns the metric of a name, made at first use; nil when the name is taken already.
func vector[V prometheus.Collector](h *sdkHandler, name string, create func(string, []string) V) V {
	h.mu.Lock()
	defer h.mu.Unlock()
	if made, is := h.vecs[name].(V); is {
		return made
	}
	vec := create(name, sdkLabels)
	if h.registry.Register(vec) != nil {
		var none V
		return none
	}
	h.vecs[name] = vec
	return vec
}

func (h *sdkHandler) labels() prometheus.Labels {
	labels := make(prometheus.Labels, len(sdkLabels))
	for _, name := range sdkLabels {
		labels[name] = h.tags[name]
	}
	return labels
}

type counterFunc func(int64)

// Inc implements client.MetricsCounter.
func (f counterFunc) Inc(n int64) { f(n) }

type gaugeFunc func(float64)

// Update implements client.MetricsGauge.
func (f gaugeFunc) Update(v float64) { f(v) }

type timerFunc func(time.Duration)

// Record implements client.MetricsTimer.
func (f timerFunc) Record(d time.Duration) { f(d) }
