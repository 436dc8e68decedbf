package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"os"
	"slices"

	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/log/tag"
	"go.temporal.io/server/service/history/shard"
)

// logger hands the server's log lines to slog, and can fall silent.
type logger struct {
	slog  *slog.Logger
	level *slog.LevelVar
	tags  []tag.Tag // formatted only when a line is written: most never are
}

var _ log.WithLogger = logger{}

func newLogger(w io.Writer, o options) logger {
	level := new(slog.LevelVar)
	level.Set(o.logLevel)
	handlerOptions := &slog.HandlerOptions{Level: level}
	var handler slog.Handler = slog.NewTextHandler(w, handlerOptions)
	if o.logFormat == "json" {
		handler = slog.NewJSONHandler(w, handlerOptions)
	}
	return logger{slog: slog.New(handler), level: level}
}

// silence is for stopping: four services that part from each other have a lot to
// say about it, and none of it is a fault.
func (l logger) silence() {
	l.level.Set(levelSilent)
	stdlog.SetOutput(io.Discard)
}

func (l logger) write(level slog.Level, msg string, tags []tag.Tag) {
	if !l.slog.Enabled(context.Background(), level) {
		return
	}
	attrs := attrs(l.tags, tags)
	if level > slog.LevelDebug && startsUp(attrs) {
		l.write(slog.LevelDebug, msg, tags)
		return
	}
	l.slog.LogAttrs(context.Background(), level, msg, attrs...)
}

// startsUp knows the one error everybody logs who asks before the history service
// owns its shards. Everybody asks again.
func startsUp(attrs []slog.Attr) bool {
	return slices.ContainsFunc(attrs, func(a slog.Attr) bool {
		err, _ := a.Value.Any().(error)
		return errors.Is(err, shard.ErrShardStatusUnknown)
	})
}

func attrs(groups ...[]tag.Tag) []slog.Attr {
	var out []slog.Attr
	for _, t := range slices.Concat(groups...) {
		out = append(out, slog.Any(t.Key(), value(t)))
	}
	return out
}

// value takes an error as it is; the server's tag would spell it in one of two ways.
func value(t tag.Tag) any {
	if zap, ok := t.(tag.ZapTag); ok {
		if err, ok := zap.Field().Interface.(error); ok {
			return err
		}
	}
	return t.Value()
}

// With keeps tags for every later line.
func (l logger) With(tags ...tag.Tag) log.Logger {
	l.tags = slices.Concat(l.tags, tags)
	return l
}

// SLog lets the server's libraries use the same handler without a detour.
func (l logger) SLog() *slog.Logger {
	return slog.New(l.slog.Handler().WithAttrs(attrs(l.tags)))
}

// Debug writes a line at level debug.
func (l logger) Debug(msg string, tags ...tag.Tag) { l.write(slog.LevelDebug, msg, tags) }

// Info writes a line at level info.
func (l logger) Info(msg string, tags ...tag.Tag) { l.write(slog.LevelInfo, msg, tags) }

// Warn writes a line at level warn.
func (l logger) Warn(msg string, tags ...tag.Tag) { l.write(slog.LevelWarn, msg, tags) }

// Error writes a line at level error.
func (l logger) Error(msg string, tags ...tag.Tag) { l.write(slog.LevelError, msg, tags) }

// DPanic is an error here: nobody debugs the server with this program.
func (l logger) DPanic(msg string, tags ...tag.Tag) { l.write(slog.LevelError, msg, tags) }

// Panic writes a line and panics.
func (l logger) Panic(msg string, tags ...tag.Tag) {
	l.write(slog.LevelError, msg, tags)
	panic(msg)
}

// Fatal ends the program, and says why even when the log is off.
func (l logger) Fatal(msg string, tags ...tag.Tag) {
	fmt.Fprintln(os.Stderr, "the Temporal server gave up:", msg, attrs(l.tags, tags))
	os.Exit(exitFailed)
}
