"""Backup and restore: docs/operations.md is the runbook."""
