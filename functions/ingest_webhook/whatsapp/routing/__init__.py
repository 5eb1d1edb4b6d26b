"""Whose a record is: the desk to whose account it came."""
