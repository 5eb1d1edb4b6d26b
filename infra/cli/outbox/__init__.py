"""carillon outbox: what waits, what failed, and how to send or drop it by hand."""
