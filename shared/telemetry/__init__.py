"""Traces for OpenTelemetry and errors for Sentry, where settings ask for them. Where none does, nothing is imported.

What leaves are names, classes, ids and counts, as in the logs; no body, address or text of a message.
"""
