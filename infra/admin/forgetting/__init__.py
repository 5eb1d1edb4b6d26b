"""Forgetting a person: everything that leads to them is deleted, in the system and in what all systems share."""
