"""Called every 15 minutes by the scheduler.

The salon owner's morning: for each active salon whose local digest hour has passed it computes the metrics of the last
local days and enqueues one digest of yesterday, text and picture. Answers how many digests were enqueued and how many
are still due, for how many salons metrics were computed, how many of these have no bot or no chat, how many have an
unknown time zone (the default stands in for it), and how many failed.
"""
