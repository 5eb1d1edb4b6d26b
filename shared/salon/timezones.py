"""Time zones as settings name them."""

from functools import cache
from zoneinfo import ZoneInfo

DEFAULT_TIMEZONE = "Asia/Almaty"  # as dashboard.tenant_settings has it


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name, or DEFAULT_TIMEZONE: a mistake in settings may cost a salon an hour, not its alerts."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return ZoneInfo(DEFAULT_TIMEZONE)
