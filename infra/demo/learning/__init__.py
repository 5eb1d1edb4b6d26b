"""The demo's learning app."""
