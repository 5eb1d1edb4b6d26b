"""Called every 15 minutes by the scheduler.

Reminds the participants of the school of their sessions, healing sessions, events and assignments, and of homework that
they have not handed in: each once, by the school's clock, not in its quiet hours. Places in healing sessions that were
offered and not taken are offered to the next ones who wait. Answers how many messages were enqueued.
"""
