"""Files: those that people send to a bot, those that a bot uploads or names by URL."""
