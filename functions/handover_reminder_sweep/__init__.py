"""Called every minute by the scheduler.

Chases handovers that nobody took: reminds the managers in the customer's topic, then the owner, and in the end closes
the handover and tells the customer; ends mutes of the bot that have run out. Answers how many reminders were enqueued,
how many handovers were closed, in how many conversations the bot was unmuted, and how many are still due.
"""
