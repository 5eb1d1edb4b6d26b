"""Signing in: links, passwords, sessions, and what holds guessers up."""
