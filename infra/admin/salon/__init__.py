"""The salons: tenants of the salon's own bot, their settings, and who may read their numbers."""
