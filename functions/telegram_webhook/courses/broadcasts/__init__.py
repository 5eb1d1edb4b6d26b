"""The card of a broadcast, and what its author reads."""
