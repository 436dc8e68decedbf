package main

import (
	"maps"
	"strings"

	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/metrics"
	"go.temporal.io/server/common/primitives"
)

const clusterName = "active"

// temporalConfig describes one machine that runs all four services.
func temporalConfig(o options, p *ports, db *database) *config.Config {
	frontend := reachable(o.ip, p.frontend)
	cfg := &config.Config{
		Global: config.Global{
			Membership: config.Membership{BroadcastAddress: loopback},
		},
		Persistence: config.Persistence{
			DefaultStore:     "main",
			VisibilityStore:  "visibility",
			NumHistoryShards: int32(o.shards), //nolint:gosec // complete() allows a handful
			DataStores: map[string]config.DataStore{
				"main":       {SQL: db.main},
				"visibility": {SQL: db.visibility},
			},
		},
		ClusterMetadata: &cluster.Config{
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			FailoverVersionIncrement: 10,
			ClusterInformation: map[string]cluster.ClusterInformation{clusterName: {
				Enabled:                true,
				InitialFailoverVersion: 1,
				RPCAddress:             frontend,
				HTTPAddress:            reachable(o.ip, p.http),
			}},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services: map[string]config.Service{
			string(primitives.FrontendService): {RPC: config.RPC{GRPCPort: p.frontend, HTTPPort: p.http, BindOnIP: o.ip}},
			string(primitives.HistoryService):  inner(p.history),
			string(primitives.MatchingService): inner(p.matching),
			string(primitives.WorkerService):   inner(p.worker),
		},
		Archival: config.Archival{
			History:    config.HistoryArchival{State: config.ArchivalDisabled},
			Visibility: config.VisibilityArchival{State: config.ArchivalDisabled},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: config.ArchivalDisabled},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: config.ArchivalDisabled},
		}},
		PublicClient: config.PublicClient{HostPort: frontend},
	}
	if p.metrics != 0 {
		cfg.Global.Metrics = &metrics.Config{Prometheus: &metrics.PrometheusConfig{
			ListenAddress: address(o.ip, p.metrics),
			HandlerPath:   "/metrics",
		}}
	}
	return cfg
}

// inner is a service only the other three talk to: always on the loopback, whatever --ip says.
func inner(port int) config.Service {
	return config.Service{RPC: config.RPC{GRPCPort: port, BindOnLocalHost: true}}
}

// staticHosts spares us the membership ring, its ports and its start time.
func staticHosts(o options, p *ports) map[primitives.ServiceName]static.Hosts {
	return map[primitives.ServiceName]static.Hosts{
		primitives.FrontendService: static.SingleLocalHost(reachable(o.ip, p.frontend)),
		primitives.HistoryService:  static.SingleLocalHost(address(loopback, p.history)),
		primitives.MatchingService: static.SingleLocalHost(address(loopback, p.matching)),
		primitives.WorkerService:   static.SingleLocalHost(address(loopback, p.worker)),
	}
}

// dynamicConfig lifts limits meant for shared clusters; what the caller says comes last.
func dynamicConfig(o options) dynamicconfig.StaticClient {
	values := dynamicconfig.StaticClient{
		// A search attribute must be usable at once, not when a cache expires.
		dynamicconfig.ForceSearchAttributesCacheRefreshOnRead.Key(): true,
		// The default of 10 a second fails a console that counts cases while the UI refreshes.
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key(): 100,
		// 128,000 cached workflows would not fit a laptop.
		dynamicconfig.HistoryCacheHostLevelMaxSize.Key(): 8096,
		// The database is the only limit here.
		dynamicconfig.FrontendPersistenceMaxQPS.Key(): 10000,
		dynamicconfig.HistoryPersistenceMaxQPS.Key():  45000,
	}
	for key, value := range maps.All(o.dynamicConfig) {
		values[key] = value
	}
	return values
}

func uiConfig(o options, p *ports) *uiconfig.Config {
	host := o.uiIP
	if strings.Contains(host, ":") {
		host = "[" + host + "]" // the UI puts host and port together with a plain colon
	}
	return &uiconfig.Config{
		Host:                host,
		Port:                p.ui,
		TemporalGRPCAddress: reachable(o.ip, p.frontend),
		EnableUI:            true,
		DefaultNamespace:    o.namespaces[0],
		DisableWriteActions: o.uiDisableWrites,
		CORS:                uiconfig.CORS{CookieInsecure: true}, // plain HTTP on one machine
		HideLogs:            true,
		DisableNewsFetch:    true, // nothing leaves this machine
	}
}
