"""carillon salon: tenants, users, settings and YClients access."""
