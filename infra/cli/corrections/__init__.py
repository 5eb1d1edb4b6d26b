"""Commands that correct what was set up wrong: settings, pause and resume, remove."""
