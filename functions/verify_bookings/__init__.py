"""Called every five minutes by the scheduler.

Keeps `dashboard.bookings`: sessions of the bot that ended with a booking become rows, and what is due is
looked up at YClients, by each salon's own token: cancelled, confirmed, came, did not come. Webhooks only make a booking
due sooner. A salon whose token is refused is left alone for six hours; a lookup that fails is repeated, ever more
seldom. Answers how many bookings were taken in, verified and changed, how many lookups failed, and how many are due.
"""
