"""Called by Telegram with the updates of a bot (`carillon bots set-webhook`).

A person who comes back (/start, or the bot is let in again) can be written to again; a group that became a supergroup
is followed to its new id. Answers `{}`: Telegram would carry out what a body asks for, so nothing ever stands in it.
"""
