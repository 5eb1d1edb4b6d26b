"""What the desk itself says to customers."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.i18n import dates
from shared.i18n.texts import Language, Text
from shared.support.working_time import WorkingHours, due_at

HANDOVER_OPENED = Text(
    ru="Передал ваш вопрос менеджеру. Он ответит здесь, в этом чате.",
    en="I have passed your question to a manager. They will reply here, in this chat.",
)
HANDOVER_OPENED_AFTER_HOURS = Text(
    ru="Передал ваш вопрос менеджеру. Сейчас у нас нерабочее время, ответим {when}.",
    en="I have passed your question to a manager. We are closed right now and will reply {when}.",
)
TODAY = Text(ru="сегодня после {time}", en="today after {time}")
TOMORROW = Text(ru="завтра после {time}", en="tomorrow after {time}")
LATER = Text(ru="{day} после {time}", en="on {day} after {time}")
MESSAGE_RECEIVED = Text(
    ru="Менеджер видит ваше сообщение и ответит, как только сможет.",
    en="A manager sees your message and will reply as soon as they can.",
)
OPTED_OUT = Text(
    ru="Хорошо, больше не пишу. Понадобится помощь — напишите сюда.",
    en="All right, I will not write any more. If you need help, just write here.",
)
CANCELLED = Text(
    ru="Хорошо, менеджера звать не буду. Понадобится помощь — напишите сюда.",
    en="All right, I will not call a manager. If you need help, just write here.",
)


def handover_opened(hours: WorkingHours | None, now: datetime, language: Language) -> str:
    """That a person was called, and when they are there if they are not now."""
    opens = due_at(hours, now, 0)
    if hours is None or opens is None or opens <= now:
        return HANDOVER_OPENED.in_(language)
    zone = ZoneInfo(hours.timezone)
    when = _when(opens.astimezone(zone), now.astimezone(zone), language)
    return HANDOVER_OPENED_AFTER_HOURS.in_(language).format(when=when)


def _when(opens: datetime, now: datetime, language: Language) -> str:
    days = opens.date() - now.date()
    text = {timedelta(): TODAY, timedelta(days=1): TOMORROW}.get(days, LATER)
    return text.in_(language).format(day=dates.short_day(opens, language), time=dates.clock(opens))
