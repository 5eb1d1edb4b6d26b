"""The support desk's rules: when the bot answers, when a person is called, and who is chased about it.

Nothing here reads a database or a clock: what is known comes as arguments, instants are aware, and what follows comes
back as a value that the functions write down. Names are those of the source document.
"""
