"""Carillon on one machine: Postgres, all functions on one port, the scheduler."""
