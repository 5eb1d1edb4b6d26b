"""The demo's online school."""
