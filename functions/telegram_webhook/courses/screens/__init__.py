"""The screens of the school's bot, a module each, found by being in one of these folders; their names differ.

`read` answers what is shown, None where there is no such thing any more; `view` is pure; `press` and `write` say what
follows from a press or from words, and may be missing. `AUDIENCE` says who may see the screen, `PARENT` where /cancel
leads.
"""
