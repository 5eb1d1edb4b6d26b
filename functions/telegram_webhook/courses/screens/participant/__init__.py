"""Screens for participants: what is coming up, what is noted of them, what the bot may send them."""
