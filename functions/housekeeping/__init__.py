"""Called daily by the scheduler.

Deletes what has been kept long enough, in small batches that hold nobody up. This is the one list of how long that is:

- `platform.outbox`: sent and cancelled messages 30 days after they ended, dead and unknown ones 90 days, each with its
  attempts. As long as the row is there its dedup key is taken. What still waits is never deleted.
- `platform.lanes` that were empty for a week; the next message opens them again.
- `platform.updates` after 72 hours: Telegram repeats an update for a day. `platform.failed_updates` the same, but those
  that were set aside, with what was in them, after 30 days.
- `platform.delivery_failures` leave with the dispatcher, which reads them every minute.
- `platform.outbox_audits` after a year. `platform.chat_moves` for ever.
- `getcourse.application_logs` after 30 days and `getcourse.error_logs` after 90.

Answers how many rows left and how many are still due.
"""
