"""Telegram's updates, read: what happened, who did it, what a message carries. Pure."""
