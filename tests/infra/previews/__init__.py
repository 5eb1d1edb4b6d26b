"""The page of the school bot's screens."""
