"""Called every hour by the scheduler.

Keeps `dashboard.bookings`: sessions of the bot that ended with a booking become rows, and what is due is
looked up at YClients, by each salon's own token: cancelled, confirmed, came, did not come. Webhooks only make a look
due sooner. A salon whose token is refused rests for six hours; what YClients does not answer is asked again, ever more
seldom. Answers how many bookings were taken in, verified and changed, how many looks failed, and how many are due.
"""
