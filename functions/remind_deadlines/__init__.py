"""Called every 15 minutes by the scheduler.

Tells each mentor, once per lesson and deadline, which of their students have not answered a lesson whose deadline is
less than a day away (`deadlineApproaching`). Answers how many messages were enqueued.
"""
