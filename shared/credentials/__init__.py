"""Whom we speak as, and who may call us: secrets at rest, bots, webhook sources, API clients."""
