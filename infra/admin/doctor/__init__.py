"""Doctor: what is wrong, and what to do about it, per system."""
