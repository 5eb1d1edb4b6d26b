"""Called daily by the scheduler.

Deletes what has been kept long enough, in small batches that hold nobody up:
`getcourse.application_logs` after 30 days and `getcourse.error_logs` after 90 (source 1: «Очистка старых логов»).
Answers how many rows left and how many are still due.
"""
