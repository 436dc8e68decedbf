package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/searchattribute/sadefs"
)

const (
	unset        = -1              // a port nobody asked for
	uiPortOffset = 1000            // where "temporal server start-dev" puts the UI
	leastKept    = time.Hour       // the server refuses a shorter retention
	mostShards   = 16              // more only costs memory on one machine
	levelSilent  = slog.Level(100) // above everything
)

// options is what the command line asked for.
type options struct {
	ip, uiIP                  string
	port, uiPort, metricsPort int
	headless                  bool
	uiDisableWrites           bool

	namespaces       []string
	searchAttributes map[string]enumspb.IndexedValueType
	retention        time.Duration
	dynamicConfig    dynamicconfig.ConfigValueMap

	dbFilename string
	dbPostgres string
	shards     int

	logLevel  slog.Level
	logFormat string
	parentPID int
}

// usageError is a fault the caller can put right. Its text begins with the flag.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

func parse(args []string) (options, error) {
	if len(args) == 1 && slices.Contains([]string{"help", "--help", "-h"}, args[0]) {
		return options{}, flag.ErrHelp
	}
	if len(args) < 2 || args[0] != "server" || args[1] != "start-dev" {
		return options{}, usagef("usage: recourse-devserver server start-dev [flags], recourse-devserver version or recourse-devserver help")
	}
	opts := options{port: 7233, uiPort: unset, metricsPort: unset, logLevel: slog.LevelWarn}
	fs := opts.flagSet()
	if err := fs.Parse(args[2:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return opts, err
		}
		return opts, &usageError{asTyped(err)}
	}
	if fs.NArg() > 0 {
		return opts, usagef("%q is not a flag", fs.Arg(0))
	}
	return opts, opts.complete()
}

func (o *options) flagSet() *flag.FlagSet {
	fs := flag.NewFlagSet("server start-dev", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.ip, "ip", "127.0.0.1", "address to listen on")
	fs.Func("port", "port of the gRPC frontend, 0 for any free one (default 7233)", portInto(&o.port))
	fs.Func("namespace", "namespace to have; repeatable, the first is the UI's (default \"default\")", o.addNamespace)
	fs.Func("search-attribute", "Name=Type to have in every namespace; repeatable, types as in Temporal", o.addSearchAttribute)
	fs.DurationVar(&o.retention, "retention", 720*time.Hour, "how long the named namespaces keep closed workflows")
	fs.Func("dynamic-config-value", "key=JSON; repeatable", o.addDynamicConfig)
	fs.StringVar(&o.dbFilename, "db-filename", "", "SQLite file that keeps everything (default: memory)")
	fs.StringVar(&o.dbPostgres, "db-postgres", "", "postgres:// URL to keep everything in instead; a second database, NAME_visibility, stands beside it")
	fs.IntVar(&o.shards, "shards", 1, "history shards; fixed for good when a database is new")
	fs.BoolVar(&o.headless, "headless", false, "no Web UI")
	fs.StringVar(&o.uiIP, "ui-ip", "", "address of the Web UI (default: --ip)")
	fs.Func("ui-port", "port of the Web UI, 0 for any free one (default: --port plus 1000)", portInto(&o.uiPort))
	fs.BoolVar(&o.uiDisableWrites, "ui-disable-writes", false, "a Web UI that only shows")
	fs.Func("metrics-port", "port for Prometheus at /metrics, 0 for any free one (default: off)", portInto(&o.metricsPort))
	fs.Func("log-level", "debug, info, warn, error or never (default warn)", o.setLogLevel)
	fs.StringVar(&o.logFormat, "log-format", "text", "text, pretty (the same) or json")
	fs.IntVar(&o.parentPID, "parent-pid", 0, "stop when this process is gone")
	return fs
}

// complete fills in what depends on other flags and refuses what cannot work.
func (o *options) complete() error {
	if len(o.namespaces) == 0 {
		o.namespaces = []string{"default"}
	}
	if o.uiIP == "" {
		o.uiIP = o.ip
	}
	if err := readIP("ip", &o.ip); err != nil {
		return err
	}
	if err := readIP("ui-ip", &o.uiIP); err != nil {
		return err
	}
	if o.uiPort == unset {
		o.uiPort = 0
		if o.port != 0 && o.port+uiPortOffset <= 65535 {
			o.uiPort = o.port + uiPortOffset
		}
	}
	switch {
	case o.retention < leastKept:
		return usagef("--retention %s is too short: the server keeps a closed workflow for at least %s", o.retention, leastKept)
	case o.shards < 1 || o.shards > mostShards:
		return usagef("--shards %d is out of range: 1 to %d", o.shards, mostShards)
	case o.parentPID < 0:
		return usagef("--parent-pid %d is not a process id", o.parentPID)
	case o.logFormat != "text" && o.logFormat != "pretty" && o.logFormat != "json":
		return usagef("--log-format %s is none of text, pretty and json", o.logFormat)
	case o.dbFilename != "" && o.dbPostgres != "":
		return usagef("--db-postgres and --db-filename exclude each other")
	}
	return nil
}

// readIP also takes localhost, which clients like to write.
func readIP(flag string, ip *string) error {
	if *ip == "localhost" {
		*ip = loopback
	}
	if net.ParseIP(*ip) == nil {
		return usagef("--%s %s is not an IP address", flag, *ip)
	}
	return nil
}

func (o *options) addNamespace(name string) error {
	if name == "" {
		return errors.New("a namespace needs a name")
	}
	o.namespaces = append(o.namespaces, name)
	return nil
}

func (o *options) addSearchAttribute(text string) error {
	name, kind, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return errors.New("must be Name=Type")
	}
	if sadefs.IsReserved(name) {
		return fmt.Errorf("%s is a name Temporal keeps for itself", name)
	}
	typ, err := enumspb.IndexedValueTypeFromString(kind)
	if err != nil || typ == enumspb.INDEXED_VALUE_TYPE_UNSPECIFIED {
		return fmt.Errorf("%q is none of Keyword, KeywordList, Text, Int, Double, Bool and Datetime", kind)
	}
	if before, ok := o.searchAttributes[name]; ok && before != typ {
		return fmt.Errorf("%s was %s before", name, before)
	}
	if o.searchAttributes == nil {
		o.searchAttributes = map[string]enumspb.IndexedValueType{}
	}
	o.searchAttributes[name] = typ
	return nil
}

func (o *options) addDynamicConfig(text string) error {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" || !json.Valid([]byte(value)) {
		return errors.New("must be key=JSON, as in system.someSwitch=true")
	}
	// JSON is YAML, and the server's own loader converts and checks the value.
	loader := dynamicconfig.YamlLoader{Map: o.dynamicConfig}
	loader.LoadValue(dynamicconfig.MakeKey(key), []byte("- value: "+value))
	if err := loader.Err(); err != nil {
		return err
	}
	o.dynamicConfig = loader.Map
	return nil
}

func (o *options) setLogLevel(text string) error {
	if text == "never" {
		o.logLevel = levelSilent
		return nil
	}
	if err := o.logLevel.UnmarshalText([]byte(text)); err != nil {
		return errors.New("must be debug, info, warn, error or never")
	}
	return nil
}

func portInto(target *int) func(string) error {
	return func(text string) error {
		port, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return errors.New("must be a number from 0 to 65535")
		}
		*target = int(port)
		return nil
	}
}

var oneDash = regexp.MustCompile(`(flag |: )-(\w)`)

// asTyped spells the flags in an error of package flag with two dashes, as we do.
func asTyped(err error) string {
	return oneDash.ReplaceAllString(err.Error(), "$1--$2")
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, "recourse-devserver server start-dev [flags]\nrecourse-devserver version\n\nFlags:\n")
	new(options).flagSet().VisitAll(func(f *flag.Flag) {
		fmt.Fprintf(w, "  --%-22s %s", f.Name, f.Usage)
		if f.DefValue != "" && f.DefValue != "0" && f.DefValue != "false" {
			fmt.Fprintf(w, " (default %s)", f.DefValue)
		}
		fmt.Fprintln(w)
	})
}
