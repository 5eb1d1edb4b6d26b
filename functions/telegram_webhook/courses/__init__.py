"""Updates of a school's bot: one dialog for participants, curators and administrators.

A screen is a module of `screens`: what it reads, what it shows, what a press or words do. Handlers work in the caller's
transaction and send nothing.
"""
