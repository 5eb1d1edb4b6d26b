"""Changing the keys and secrets of an installation while it is at work."""
