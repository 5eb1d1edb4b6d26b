"""Called by whoever was given a sealed link: a WhatsApp gateway that fetches a manager's file, Telegram a client's.

Changes nothing. Answers the file, fetched from its owner with a token that stays here; to links that we did not make,
or made too long ago, the constant 404.
"""
