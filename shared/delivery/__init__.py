"""Handing over outgoing messages. Everybody enqueues here; only dispatch_notifications sends.

The contract: *accepting* is exactly once per dedup key, in the transaction that changes the state. *Sending* is at
least once by default and at most once for kinds marked so; a duplicate can only come from a crash or a lost answer,
at most one per such event, and is flagged. Order is kept within a lane. Nothing ends without a visible state.
"""
