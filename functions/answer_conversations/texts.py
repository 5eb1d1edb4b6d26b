"""What the desk itself says to clients."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.support.working_time import WorkingHours, due_at

HANDOVER_OPENED = "Передал ваш вопрос менеджеру. Он ответит здесь, в этом чате."
HANDOVER_OPENED_AFTER_HOURS = "Передал ваш вопрос менеджеру. Сейчас у нас нерабочее время, ответим {when}."
FILE_RECEIVED = "Менеджер видит ваше сообщение и ответит, как только сможет."
OPTED_OUT = "Хорошо, больше не пишу. Понадобится помощь — напишите сюда."
CANCELLED = "Хорошо, менеджера звать не буду. Понадобится помощь — напишите сюда."


def handover_opened(hours: WorkingHours | None, now: datetime) -> str:
    """That a person was called, and when they are there if they are not now."""
    opens = due_at(hours, now, 0)
    if hours is None or opens is None or opens <= now:
        return HANDOVER_OPENED
    zone = ZoneInfo(hours.timezone)
    return HANDOVER_OPENED_AFTER_HOURS.format(when=_when(opens.astimezone(zone), now.astimezone(zone)))


def _when(opens: datetime, now: datetime) -> str:
    clock = f"{opens:%H:%M}"
    if opens.date() == now.date():
        return f"сегодня после {clock}"
    if opens.date() == now.date() + timedelta(days=1):
        return f"завтра после {clock}"
    return f"{opens:%d.%m} после {clock}"
