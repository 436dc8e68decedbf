package config

import (
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"recourse/models"
)

// Config is how a process is set up. The tag of a field is its key in the file; in the environment
// the same key is RECOURSE_SECTION__KEY.
type Config struct {
	HTTP     HTTP     `key:"http"`
	Admin    Admin    `key:"admin"`
	Database Database `key:"database"`
	Temporal Temporal `key:"temporal"`
	Company  Company  `key:"company"`
	Vault    Vault    `key:"vault"`
	Files    Files    `key:"files"`
	Mail     Mail     `key:"mail"`
	Outgoing Outgoing `key:"outgoing"`
	Worker   Worker   `key:"worker"`
	Intake   Intake   `key:"intake"`
	Relay    Relay    `key:"relay"`
	Sweep    Sweep    `key:"sweep"`
	Reports  Reports  `key:"reports"`
	Log      Log      `key:"log"`
}

// HTTP is the door for programs and customers.
type HTTP struct {
	Listen            string        `key:"listen"`
	PublicURL         string        `key:"public_url"`      // begins every link that we send; empty: made of Listen
	TrustedProxies    string        `key:"trusted_proxies"` // addresses or networks, with commas: whose X-Forwarded-For is believed
	ReadHeaderTimeout time.Duration `key:"read_header_timeout"`
	ReadTimeout       time.Duration `key:"read_timeout"`
	WriteTimeout      time.Duration `key:"write_timeout"`
	IdleTimeout       time.Duration `key:"idle_timeout"`
}

// Proxies returns the networks of the proxies before us.
func (h HTTP) Proxies() ([]netip.Prefix, error) { return networks(h.TrustedProxies) }

// networks reads addresses and networks with commas between them.
func networks(list string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimSpace(one)
		if one == "" {
			continue
		}
		network, err := netip.ParsePrefix(one)
		if ip, wrong := netip.ParseAddr(one); wrong == nil {
			network, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%q is no address and no network such as 10.0.0.0/8", one)
		}
		all = append(all, network)
	}
	return all, nil
}

// Admin is the door for machines that watch us: /metrics. It has no login, so it stays inside.
type Admin struct {
	Listen string `key:"listen"` // empty: there is no such door
}

// Database is where the record lies.
type Database struct {
	URL Secret `key:"url"` // sqlite://path or postgres://user:password@host/name
}

// Temporal is the engine that keeps the cases moving.
type Temporal struct {
	Address   string `key:"address"`
	Namespace string `key:"namespace"`
	UIURL     string `key:"ui_url"` // for links in our own pages; empty: no links
	TLS       TLS    `key:"tls"`
}

// TLS are the files with which we know the server and it knows us; all empty means without TLS.
type TLS struct {
	Cert string `key:"cert"`
	Key  string `key:"key"`
	CA   string `key:"ca"`
}

// On says whether the connection uses TLS.
func (t TLS) On() bool { return t != TLS{} }

// Company is who we are for our customers.
type Company struct {
	Name     string          `key:"name"`     // signs what we send; empty: "customer service" in the language
	Language models.Language `key:"language"` // when nobody has said another one
	Zone     string          `key:"zone"`     // IANA name; empty: by language
}

// Vault is where the master key lies. Without it no word on record can be read again.
type Vault struct {
	KeyFile string `key:"key_file"`
	Key     Secret `key:"key"` // the key itself, over the file
}

// Files is where attachments lie, sealed, and how much we take.
type Files struct {
	Dir     string `key:"dir"`      // shared by all processes; empty: files beside the SQLite file, or data/files
	MaxSize int    `key:"max_size"` // bytes of one
	MaxCase int    `key:"max_case"` // attachments of one case
}

// TLSMode says how mail travels to the server.
type TLSMode string

// The modes.
const (
	TLSNone     TLSMode = "none"
	TLSStartTLS TLSMode = "starttls" // begins in the clear; refused when the server cannot
	TLSFull     TLSMode = "tls"      // from the first byte
)

// Mail is the server that takes our mail; without an address no mail leaves.
type Mail struct {
	Address  string  `key:"address"` // host:port
	Username string  `key:"username"`
	Password Secret  `key:"password"`
	From     string  `key:"from"`
	TLS      TLSMode `key:"tls"`
}

// On says whether mail leaves at all.
func (m Mail) On() bool { return m.Address != "" }

// Outgoing is where messages to endpoints may go beside the open internet.
type Outgoing struct {
	Allow string `key:"allow"` // addresses or networks, with commas: private ones that an endpoint may have
}

// Allowed returns the private networks that an endpoint may have an address of.
func (o Outgoing) Allowed() ([]netip.Prefix, error) { return networks(o.Allow) }

// Worker is how much one worker does at a time.
type Worker struct {
	WorkflowTasks int           `key:"workflow_tasks"`
	Activities    int           `key:"activities"`
	StickyCache   int           `key:"sticky_cache"` // workflows kept in memory
	StopTimeout   time.Duration `key:"stop_timeout"` // for what is under way when the worker stops
}

// Intake is how a POST tries to start the workflow before it answers.
type Intake struct {
	InlineStarts int           `key:"inline_starts"` // at most at a time; 0: never
	InlineWait   time.Duration `key:"inline_wait"`   // then the relay starts it
}

// Relay passes on what was recorded first: starts of workflows, customers' answers, messages.
type Relay struct {
	Poll        time.Duration `key:"poll"`
	Concurrency int           `key:"concurrency"` // starts of workflows at a time, while intake is calm
}

// Reports are made by themselves once a period is over.
type Reports struct {
	Steps string `key:"steps"` // week, month, quarter, year, with commas; none: no report is made by itself
}

// noReports says that no report is made by itself.
const noReports = "none"

// Which lists the steps.
func (r Reports) Which() (steps []string) {
	for one := range strings.SplitSeq(r.Steps, ",") {
		if one = strings.TrimSpace(one); one != "" && one != noReports {
			steps = append(steps, one)
		}
	}
	return steps
}

// Sweep looks for open cases without a workflow.
type Sweep struct {
	Every time.Duration `key:"every"`
}

// LogFormat says what a line of the log looks like.
type LogFormat string

// The formats.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// Log is what we say of ourselves.
type Log struct {
	Level  string    `key:"level"` // debug, info, warn or error
	Format LogFormat `key:"format"`
}

// Default is every default there is. What is empty here and not optional is derived after reading:
// public_url of listen, zone and name of the company's language, files.dir of the database.
func Default() Config {
	return Config{
		HTTP: HTTP{
			Listen:            "127.0.0.1:8080",
			ReadHeaderTimeout: 5 * time.Second,
			ReadTimeout:       30 * time.Second,
			WriteTimeout:      60 * time.Second,
			IdleTimeout:       2 * time.Minute,
		},
		Admin:    Admin{Listen: "127.0.0.1:9091"},
		Database: Database{URL: "sqlite://data/recourse.db"},
		Temporal: Temporal{Address: "127.0.0.1:7233", Namespace: "default", UIURL: "http://127.0.0.1:8233"},
		Company:  Company{Language: models.LanguageZH},
		Vault:    Vault{KeyFile: "data/master.key"},
		Files:    Files{MaxSize: 20 << 20, MaxCase: 50},
		Mail:     Mail{TLS: TLSStartTLS},
		Worker:   Worker{WorkflowTasks: 50, Activities: 50, StickyCache: 500, StopTimeout: 25 * time.Second},
		Intake:   Intake{InlineStarts: 2, InlineWait: 50 * time.Millisecond},
		Relay:    Relay{Poll: 500 * time.Millisecond, Concurrency: 16},
		Sweep:    Sweep{Every: 5 * time.Minute},
		Reports:  Reports{Steps: "month"},
		Log:      Log{Level: "info", Format: LogText},
	}
}

// derive fills in what follows from the rest.
func (c *Config) derive() {
	if host, port, err := net.SplitHostPort(c.HTTP.Listen); err == nil && c.HTTP.PublicURL == "" {
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "127.0.0.1" // we listen everywhere; a link needs one place
		}
		c.HTTP.PublicURL = "http://" + net.JoinHostPort(host, port)
	}
	if c.Files.Dir == "" {
		c.Files.Dir = "data/files"
		if path, is := strings.CutPrefix(c.Database.URL.Reveal(), "sqlite://"); is {
			c.Files.Dir = filepath.Join(filepath.Dir(path), "files")
		}
	}
	zone, name := "UTC", "Customer Service"
	if c.Company.Language == models.LanguageZH {
		zone, name = "Asia/Shanghai", "客户服务中心"
	}
	if c.Company.Zone == "" {
		c.Company.Zone = zone
	}
	if c.Company.Name == "" {
		c.Company.Name = name
	}
}
