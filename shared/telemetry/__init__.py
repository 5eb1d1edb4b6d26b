"""Traces for OpenTelemetry and errors for Sentry, where settings ask for them; how many lines refusals may write.

Where no setting asks, no library is imported. What leaves are names, classes, ids and counts, as in the logs; no body,
address or text of a message.
"""
