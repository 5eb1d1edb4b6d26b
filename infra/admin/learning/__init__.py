"""The learning system: its API clients, tracks and prompts, and learners who want to be forgotten."""
