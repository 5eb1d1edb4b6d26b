"""The forget commands of the systems: they show what would go, ask, and delete."""
