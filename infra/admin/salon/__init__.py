"""The salons: tenants of the salon's own bot, their settings, and who may look at their numbers."""
