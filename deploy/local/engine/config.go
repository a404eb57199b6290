// Package engine runs the Temporal server and its Web UI inside one child process of the local stack,
// with PostgreSQL underneath.
package engine

import (
	"net"
	"strconv"
	"time"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	"go.temporal.io/server/common/primitives"
)

const (
	loopback = "127.0.0.1"
	// shards is fixed for the life of a database: the server refuses another number later.
	shards = 4
	// connections to each of the two databases.
	connections = 30

	mainStore       = "main"
	visibilityStore = "visibility"
	clusterName     = "local"

	// MainDatabase is where the server keeps workflows.
	MainDatabase = "temporal"
	// VisibilityDatabase is where the server keeps what workflows can be searched by.
	VisibilityDatabase = "temporal_visibility"
)

// Config is what the child is told. All ports are on 127.0.0.1.
type Config struct {
	Namespace        string `json:"namespace"`
	DatabaseAddress  string `json:"databaseAddress"` // host:port
	DatabaseUser     string `json:"databaseUser"`
	DatabasePassword string `json:"databasePassword"`
	FrontendPort     int    `json:"frontendPort"`
	HistoryPort      int    `json:"historyPort"`
	MatchingPort     int    `json:"matchingPort"`
	WorkerPort       int    `json:"workerPort"`
	UIPort           int    `json:"uiPort"`
	// PanelURL is the HTTPS address of the operators' panel; empty for a Web UI without it.
	PanelURL string `json:"panelUrl"`
}

// Address is where clients connect.
func (c Config) Address() string { return address(c.FrontendPort) }

func address(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }

func (c Config) ports() map[primitives.ServiceName]int {
	return map[primitives.ServiceName]int{
		primitives.FrontendService: c.FrontendPort,
		primitives.HistoryService:  c.HistoryPort,
		primitives.MatchingService: c.MatchingPort,
		primitives.WorkerService:   c.WorkerPort,
	}
}

// database is one SQL store of the server.
func (c Config) database(name string) config.SQL {
	return config.SQL{
		PluginName:      postgresql.PluginNamePGX,
		DatabaseName:    name,
		ConnectAddr:     c.DatabaseAddress,
		ConnectProtocol: "tcp",
		User:            c.DatabaseUser,
		Password:        c.DatabasePassword,
		MaxConns:        connections,
		MaxIdleConns:    connections,
		MaxConnLifetime: time.Hour,
	}
}

// server is the configuration of all four services in one process.
func (c Config) server() *config.Config {
	mainDB, visibilityDB := c.database(MainDatabase), c.database(VisibilityDatabase)
	services := make(map[string]config.Service)
	for name, port := range c.ports() {
		services[string(name)] = config.Service{RPC: config.RPC{GRPCPort: port, BindOnLocalHost: true}}
	}
	const off = "disabled"
	return &config.Config{
		Global: config.Global{Membership: config.Membership{
			MaxJoinDuration:  30 * time.Second,
			BroadcastAddress: loopback,
		}},
		Persistence: config.Persistence{
			DefaultStore:     mainStore,
			VisibilityStore:  visibilityStore,
			NumHistoryShards: shards,
			DataStores: map[string]config.DataStore{
				mainStore:       {SQL: &mainDB},
				visibilityStore: {SQL: &visibilityDB},
			},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10,
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{
				clusterName: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: c.Address()},
			},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services:            services,
		PublicClient:        config.PublicClient{HostPort: c.Address()},
		Archival: config.Archival{
			History:    config.HistoryArchival{State: off},
			Visibility: config.VisibilityArchival{State: off},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: off},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: off},
		}},
	}
}

// hosts replaces the gossip between servers, which one process does not need.
func (c Config) hosts() map[primitives.ServiceName]static.Hosts {
	hosts := make(map[primitives.ServiceName]static.Hosts)
	for name, port := range c.ports() {
		hosts[name] = static.Hosts{All: []string{address(port)}, Self: address(port)}
	}
	return hosts
}

// settings are the server's dynamic configuration. They go by the server's own constants, because the
// names behind them differ between releases.
func settings() *dynamicconfig.MemoryClient {
	client := dynamicconfig.NewMemoryClient()
	client.OverrideSetting(dynamicconfig.WorkflowTimeSkippingEnabled, true)
	// A skip is noticed by the timer queue at its next look, by default up to one second later.
	client.OverrideSetting(dynamicconfig.TimerProcessorMaxTimeShift, 10*time.Millisecond)
	// A workflow task that fails twice fails for a reason: the watcher finds the case by it, within a minute (by default
	// it is five times, of which the later ones are minutes apart).
	client.OverrideSetting(dynamicconfig.NumConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute, 2)
	return client
}
