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
NOBODY_CALLED = Text(  # the desk has no group in which anybody could be called
    ru="Сам я на это ответить не могу, а позвать менеджера сейчас не получается. Ваш вопрос сохранён.",
    en="I cannot answer this myself, and I cannot reach a manager right now. Your question is kept.",
)
MESSAGE_RECEIVED = Text(ru="Передал это менеджерам.", en="I have passed this on to the managers.")
OPTED_OUT = Text(
    ru="Хорошо, больше не пишу. Понадобится менеджер — напишите: «{words}».",
    en="All right, I will not write any more. If you need a manager, write “{words}”.",
)
CANCELLED = Text(
    ru="Хорошо, менеджера звать не буду. Понадобится — напишите: «{words}».",
    en="All right, I will not call a manager. If you need one after all, write “{words}”.",
)
OPTED_OUT_ONLY = Text(ru="Хорошо, больше не пишу.", en="All right, I will not write any more.")
CANCELLED_ONLY = Text(ru="Хорошо, менеджера звать не буду.", en="All right, I will not call a manager.")


def handover_opened(hours: WorkingHours | None, now: datetime, language: Language) -> str:
    """That a person was called, and when they are there if they are not now."""
    opens = due_at(hours, now, 0)
    if hours is None or opens is None or opens <= now:
        return HANDOVER_OPENED.in_(language)
    zone = ZoneInfo(hours.timezone)
    when = _when(opens.astimezone(zone), now.astimezone(zone), language)
    return HANDOVER_OPENED_AFTER_HOURS.in_(language).format(when=when)


def opted_out(words: str | None, language: Language) -> str:
    """That the bot is silent now; `words` call a manager all the same, None: no words do."""
    return OPTED_OUT.in_(language).format(words=words) if words else OPTED_OUT_ONLY.in_(language)


def cancelled(words: str | None, language: Language) -> str:
    """That no manager comes; `words` call one again, None: no words do."""
    return CANCELLED.in_(language).format(words=words) if words else CANCELLED_ONLY.in_(language)


def _when(opens: datetime, now: datetime, language: Language) -> str:
    days = opens.date() - now.date()
    text = {timedelta(): TODAY, timedelta(days=1): TOMORROW}.get(days, LATER)
    return text.in_(language).format(day=dates.short_day(opens, language), time=dates.clock(opens))
