"""`make function NAME=…`: lays out a new function, so that all checks and tests pass before a rule is written."""
