"""Called every minute by the scheduler.

Chases requests that nobody took: reminds the managers in the person's topic, then their owner, and in the
end closes the request and tells the client; lifts mutes of the bot that have run out. Answers how many reminders were
handed over, how many requests were closed, in how many conversations the bot speaks again, and how many are still due.
"""
