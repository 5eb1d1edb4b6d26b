"""Postgres: the pool, SQL files, group commit, and isolating the row that spoils a group."""
