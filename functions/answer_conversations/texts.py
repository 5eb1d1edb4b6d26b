"""What the desk itself says to clients."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.support.working_time import WorkingHours, due_at

CALLED = "Передал ваш вопрос менеджеру. Он ответит здесь, в этом чате."
CALLED_AFTER_HOURS = "Передал ваш вопрос менеджеру. Сейчас у нас нерабочее время, ответим {when}."
SEEN = "Менеджер видит ваше сообщение и ответит, как только сможет."
REFUSED = "Хорошо, больше не пишу. Понадобится помощь — напишите сюда."
CANCELLED = "Хорошо, менеджера звать не буду. Понадобится помощь — напишите сюда."


def called(hours: WorkingHours | None, now: datetime) -> str:
    """That a person was called, and when they are there if they are not now."""
    opens = due_at(hours, now, 0)
    if hours is None or opens is None or opens <= now:
        return CALLED
    zone = ZoneInfo(hours.timezone)
    return CALLED_AFTER_HOURS.format(when=_when(opens.astimezone(zone), now.astimezone(zone)))


def _when(opens: datetime, now: datetime) -> str:
    clock = f"{opens:%H:%M}"
    if opens.date() == now.date():
        return f"сегодня после {clock}"
    if opens.date() == now.date() + timedelta(days=1):
        return f"завтра после {clock}"
    return f"{opens:%d.%m} после {clock}"
