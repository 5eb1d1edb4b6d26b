"""Strangers' suites and clients against the stand-ins: how much of what a real server answers do they answer?

`make standins` installs them into build/standins, starts a sandbox, runs them, and prints a table.
"""
