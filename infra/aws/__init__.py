"""AWS: what turns Lambda's events into requests of a function."""
