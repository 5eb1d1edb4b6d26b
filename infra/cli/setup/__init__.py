"""Setting an installation up, from nothing to doctor."""
