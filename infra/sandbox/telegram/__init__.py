"""A faithful stand-in for the Telegram Bot API, in memory."""
