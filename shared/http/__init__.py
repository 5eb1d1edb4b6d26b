"""Answering HTTP: reading requests, one shape of errors, scheduled runs, idempotency, CORS."""
