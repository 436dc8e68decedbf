package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	persistencespb "go.temporal.io/server/api/persistence/v1"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/metrics"
	"go.temporal.io/server/common/persistence"
	"go.temporal.io/server/common/persistence/serialization"
	"go.temporal.io/server/common/persistence/sql"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/common/resolver"
	"go.temporal.io/server/common/searchattribute/sadefs"
	sqliteschema "go.temporal.io/server/schema/sqlite"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
)

// ensureNamespaces creates the namespaces that are missing and gives every one in
// the database the search attributes asked for. It writes before the server is up,
// so nothing has to wait for a cache to learn about it.
func ensureNamespaces(ctx context.Context, o options, db *database) error {
	serializer := serialization.NewSerializer()
	factory := sql.NewFactory(*db.main, resolver.NewNoopResolver(), clusterName, log.NewNoopLogger(), metrics.NoopMetricsHandler, serializer)
	defer factory.Close()
	store, err := factory.NewMetadataStore()
	if err != nil {
		return fmt.Errorf("open %s: %w", db.main.DatabaseName, err)
	}
	manager := persistence.NewMetadataManagerImpl(store, serializer, log.NewNoopLogger(), clusterName)
	for _, name := range o.namespaces {
		if err := createNamespace(ctx, manager, name); err != nil {
			return err
		}
	}
	for page := []byte(nil); ; {
		found, err := manager.ListNamespaces(ctx, &persistence.ListNamespacesRequest{PageSize: 100, NextPageToken: page})
		if err != nil {
			return fmt.Errorf("list namespaces: %w", err)
		}
		for _, namespace := range found.Namespaces {
			if err := bringUpToDate(ctx, manager, namespace, o); err != nil {
				return err
			}
		}
		if page = found.NextPageToken; len(page) == 0 {
			return nil
		}
	}
}

func createNamespace(ctx context.Context, manager persistence.MetadataManager, name string) error {
	template, err := sqliteschema.NewNamespaceConfig(clusterName, name, false, nil)
	if err != nil {
		return err
	}
	_, err = manager.CreateNamespace(ctx, &persistence.CreateNamespaceRequest{Namespace: template.Detail})
	if _, there := errors.AsType[*serviceerror.NamespaceAlreadyExists](err); there || err == nil {
		return nil
	}
	return fmt.Errorf("create namespace %s: %w", name, err)
}

// bringUpToDate writes a namespace again when the flags say other than the database.
func bringUpToDate(ctx context.Context, manager persistence.MetadataManager, namespace *persistence.GetNamespaceResponse, o options) error {
	detail := namespace.Namespace
	if detail.Info.Name == primitives.SystemLocalNamespace {
		return nil
	}
	before := proto.Clone(detail.Config)
	if slices.Contains(o.namespaces, detail.Info.Name) {
		detail.Config.Retention = durationpb.New(o.retention)
	}
	for _, name := range slices.Sorted(maps.Keys(o.searchAttributes)) {
		if err := addSearchAttribute(detail, name, o.searchAttributes[name]); err != nil {
			return err
		}
	}
	if proto.Equal(before, detail.Config) {
		return nil
	}
	metadata, err := manager.GetMetadata(ctx)
	if err != nil {
		return err
	}
	return manager.UpdateNamespace(ctx, &persistence.UpdateNamespaceRequest{
		Namespace:           detail,
		IsGlobalNamespace:   namespace.IsGlobalNamespace,
		NotificationVersion: metadata.NotificationVersion,
	})
}

// addSearchAttribute names one of the columns every SQL visibility table comes with:
// an attribute is only ever an alias.
func addSearchAttribute(namespace *persistencespb.NamespaceDetail, name string, kind enumspb.IndexedValueType) error {
	columns := sadefs.GetDBIndexSearchAttributes(nil).CustomSearchAttributes
	aliases := namespace.Config.CustomSearchAttributeAliases
	for column, alias := range aliases {
		if alias != name {
			continue
		}
		if columns[column] != kind {
			return usagef("--search-attribute %s=%s: namespace %s already has it as %s", name, kind, namespace.Info.Name, columns[column])
		}
		return nil
	}
	for _, column := range slices.Sorted(maps.Keys(columns)) {
		if _, used := aliases[column]; used || columns[column] != kind {
			continue
		}
		if aliases == nil {
			aliases = map[string]string{}
			namespace.Config.CustomSearchAttributeAliases = aliases
		}
		aliases[column] = name
		return nil
	}
	return usagef("--search-attribute %s=%s: namespace %s has no %s column left", name, kind, namespace.Info.Name, kind)
}
