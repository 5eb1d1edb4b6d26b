"""A faithful stand-in for the Telegram Bot API, in memory.

`routes` takes a call, `params` reads it, `methods` carry it out on the `state`. `updates` is the other direction:
what people do in their chats.
"""
