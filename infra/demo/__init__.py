"""The demo: every function on one machine, and a story of each system played with real payloads."""
