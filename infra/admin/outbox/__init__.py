"""The outbox by hand: what waits, what failed, and how it is sent again or given up."""
