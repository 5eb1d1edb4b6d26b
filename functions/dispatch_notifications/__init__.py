"""The only sender.

Called every minute and poked after commits: turns due GetCourse answers into messages for the
mentors responsible at that time, brings the school's broadcasts a step on, then sends what is due in the outbox, lane
by lane, within each bot's limits, and writes back what happened. Answers how much was done and how much remains.
"""
