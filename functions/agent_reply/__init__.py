"""Called by front ends of learning tracks and by agents of other systems, with a bearer token of their own.

Asks a language model what one of three agents answers, or takes over what another agent has answered; with
`apply_side_effects` the answer becomes a message in the thread of the agent's tab, in one transaction, once per
Idempotency-Key. Answers the message and what became of it, as JSON or as server-sent events.
"""
