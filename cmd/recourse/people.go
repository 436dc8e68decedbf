package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/cases"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
)

// tokenLife is how long a token lets in unless its maker says otherwise.
const tokenLife = 365 * 24 * time.Hour

func tokenCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "token", Short: "Tokens that let people and services in"}
	var (
		person string
		life   time.Duration
	)
	create := &cobra.Command{
		Use:   "create",
		Short: "Make a token for a person; it is shown once",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withRecord(cmd, func(ctx context.Context, record *store.Store) error {
				secret, token, err := newToken(ctx, record, person, life)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n\ntoken %s of %s, until %s; it is not shown again\n",
					secret, token.ID, person, token.ExpiresAt.Format(time.DateOnly))
				return err
			})
		},
	}
	create.Flags().StringVar(&person, "person", "", "`id` of the person or service")
	create.Flags().DurationVar(&life, "for", tokenLife, "how long it lets in")
	_ = create.MarkFlagRequired("person")
	revoke := &cobra.Command{
		Use:   "revoke TOKEN-ID",
		Short: "End a token at once",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withRecord(cmd, func(ctx context.Context, record *store.Store) error {
				return record.RevokeToken(ctx, args[0], time.Now().UTC())
			})
		},
	}
	cmd.AddCommand(create, revoke)
	return cmd
}

func adminCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "admin", Short: "What can only be done on the host"}
	var id, name string
	create := &cobra.Command{
		Use:   "create",
		Short: "Make an admin with a token, the first one of a new installation",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withRecord(cmd, func(ctx context.Context, record *store.Store) error {
				cfg, err := load(cmd)
				if err != nil {
					return err
				}
				admin := models.Person{
					ID: id, Name: name, Language: cfg.Company.Language, Roles: []models.Role{models.RoleAdmin}, CreatedAt: time.Now().UTC(),
				}
				if err := record.PutPerson(ctx, admin); err != nil {
					return err
				}
				secret, _, err := newToken(ctx, record, id, tokenLife)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n\nadmin %s; the token is not shown again\n", secret, id)
				return err
			})
		},
	}
	create.Flags().StringVar(&id, "id", "admin", "`id` of the person")
	create.Flags().StringVar(&name, "name", "Admin", "`name` of the person")
	password := &cobra.Command{
		Use:   "password PERSON",
		Short: "Give a person a new password; it is shown once, and all their sessions end",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				plain := randomPassword()
				if err := s.service.SetPassword(ctx, host, args[0], plain); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\n\npassword of %s; it is not shown again\n", plain, args[0])
				return err
			})
		},
	}
	key := &cobra.Command{
		Use:   "key",
		Short: "Make the master key of a new installation, where the settings say it lies",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load(cmd)
			if err != nil {
				return err
			}
			if err := makeMaster(cfg.Vault.KeyFile); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "master key at %s; back it up apart from the database: without it no word on record can be read\n", cfg.Vault.KeyFile)
			return err
		},
	}
	cmd.AddCommand(create, password, key)
	return cmd
}

// host is whoever has a shell on the machine: they hold the database and the keys, too.
var host = models.Actor{Kind: models.ActorSystem, ID: "host", Roles: []models.Role{models.RoleAdmin}}

// randomPassword is 80 random bits in letters that are not mistaken for each other.
func randomPassword() string {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789"
	random := make([]byte, 16)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the program instead
	for i, b := range random {
		random[i] = letters[int(b)%len(letters)]
	}
	return string(random[:4]) + "-" + string(random[4:8]) + "-" + string(random[8:12]) + "-" + string(random[12:])
}

func makeMaster(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	_, err := vault.CreateMaster(file)
	return err
}

// withRecord opens the record for one act of an operator.
func withRecord(cmd *cobra.Command, do func(context.Context, *store.Store) error) error {
	cfg, err := load(cmd)
	if err != nil {
		return err
	}
	record, err := openRecord(cmd.Context(), cfg)
	if err != nil {
		return err
	}
	return errors.Join(do(cmd.Context(), record), record.Close())
}

// newToken makes a token of 160 random bits and keeps its hash.
func newToken(ctx context.Context, record *store.Store, person string, life time.Duration) (secret string, token models.Token, err error) {
	if _, err := record.Person(ctx, person); err != nil {
		return "", token, fmt.Errorf("person %q: %w", person, err)
	}
	random := make([]byte, 20)
	if _, err := rand.Read(random); err != nil {
		return "", token, err
	}
	secret = cases.TokenPrefix + base64.RawURLEncoding.EncodeToString(random)
	now := time.Now().UTC().Truncate(time.Microsecond)
	token = models.Token{ID: newID(), PersonID: person, Hash: cases.HashToken(secret), CreatedAt: now, ExpiresAt: now.Add(life)}
	return secret, token, record.PutToken(ctx, token)
}
