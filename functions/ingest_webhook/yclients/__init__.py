"""Webhooks of YClients: a booking changed, so it is looked at soon."""
