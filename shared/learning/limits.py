"""What a public client, and one device of it, may use: generous for people, fatal for loops."""

from typing import Literal

Kind = Literal["messages", "synopses", "sessions", "changes", "devices"]

# Of one device, in one process: three tabs that begin at once are far below.
DEVICE_BURST, DEVICE_PER_SECOND = 60, 10

# An hour. Messages and synopses count once for each UNIT_BYTES that they begin.
UNIT_BYTES = 4_000
DEVICE_PER_HOUR: dict[Kind, int] = {"messages": 600, "synopses": 600, "sessions": 30, "changes": 1_200}
CLIENT_PER_HOUR: dict[Kind, int] = {
    "messages": 60_000, "synopses": 60_000, "sessions": 60_000, "changes": 120_000, "devices": 1_000,
}  # fmt: skip
NEW_DEVICES_SHARE = 2  # devices that came today share this part of it, and of the tokens: who was there has the rest
PORTION = 10  # a device counts in its client's row by so many at a time, so that devices hardly ever meet there

# Tokens a day.
DEVICE_SHARE = 50  # a device gets this part of its client's budget,
MIN_DEVICE_TOKENS = 20_000  # but at least what the longest question and its reply take
UNBUDGETED_DEVICE_TOKENS = 200_000  # of a client that has no budget

MAX_QUESTION = 8_000  # characters of a question with its context
CALLS_AT_ONCE = 40  # of the model, by one client in one process, which can make a hundred;
CLIENT_CALLS_AT_ONCE = 100  # in all processes: twenty answers a second; devices that came today leave a part, as above
DEVICE_CALLS_AT_ONCE = 3  # by one device, in all processes: it has three tabs


def units(size: int) -> int:
    """What something of `size` bytes counts."""
    return 1 + size // UNIT_BYTES


def device_tokens(daily_tokens: int | None) -> int:
    """Tokens a day of one device, by the budget of its client."""
    if daily_tokens is None:
        return UNBUDGETED_DEVICE_TOKENS
    return max(daily_tokens // DEVICE_SHARE, MIN_DEVICE_TOKENS)


def new_devices_tokens(daily_tokens: int | None) -> int | None:
    """Tokens a day of all devices together that came today; None: as many as they need."""
    if daily_tokens is None:
        return None
    return max(daily_tokens // NEW_DEVICES_SHARE, min(daily_tokens, MIN_DEVICE_TOKENS))
