"""Reading JSON that others wrote: texts, numbers and times, as Postgres can hold them. Pure, and quick to import.

Nothing here raises, and nothing refuses what it can keep.
"""
