"""Time zones as settings name them.

One that is unknown, empty or misspelt counts as the default of its table: it may cost some hours, and nothing else.
`carillon doctor` names it, and the tables take no new one (platform.check_timezone).
"""

from functools import cache
from zoneinfo import ZoneInfo

OF_SALONS = OF_DESKS = "Asia/Almaty"  # as dashboard.tenant_settings and support.client_settings have it
OF_SOURCES = "Europe/Moscow"  # as platform.webhook_sources has it
OF_SCHOOLS = "Europe/Moscow"  # as courses.school has it


@cache
def is_known(name: str) -> bool:
    """Whether there is a zone of that name."""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True


def zone(name: str, default: str) -> ZoneInfo:
    """The zone of that name, or the one that is called `default`."""
    return ZoneInfo(known(name, default))


def known(name: str, default: str) -> str:
    """`name`, if there is such a zone, else `default`."""
    return name if is_known(name) else default
