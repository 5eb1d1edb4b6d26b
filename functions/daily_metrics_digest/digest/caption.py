"""What a salon's owner reads over breakfast: the caption of the picture, in HTML, every number beside another one."""

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

from functions.daily_metrics_digest.digest import texts
from functions.daily_metrics_digest.digest.facts import Day, Facts, Service
from shared.channels.telegram_html import MAX_CAPTION
from shared.i18n import dates, numbers
from shared.i18n.numbers import NO_BREAK_SPACE
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language
from shared.salon.texts import ALERT_KINDS, STAGES

WEEK = 7
MAX_NAME, MAX_SERVICE = 60, 40


def digest(facts: Facts) -> str:
    """The caption. What matters least stands last and is left out where there is no room."""
    head = texts.HEAD.in_(facts.language).format(
        name=_escaped(facts.name, MAX_NAME), day=_date(facts.day, facts.language)
    )
    paragraphs = [[head], _silence(facts), _numbers(facts, week_before(facts)), _matters(facts)]
    lines = [line for paragraph in paragraphs if paragraph for line in ("", *paragraph)][1:]
    while len("\n".join(lines).encode("utf-16-le")) // 2 > MAX_CAPTION:
        lines.pop()
    return "\n".join(lines).rstrip()


def week_before(facts: Facts) -> list[Day]:
    """The seven days before; those before a salon's first dialog say nothing about it."""
    known = [day for day in facts.days if day.day < facts.day]
    while known and not known[0].dialogs:
        known.pop(0)
    return [day for day in known if day.day >= facts.day - timedelta(days=WEEK)]


def _silence(facts: Facts) -> list[str]:
    if not facts.is_stale:
        return []
    language = facts.language
    since = texts.NEVER.in_(language)
    if facts.bot_wrote_at:
        time = dates.clock(facts.bot_wrote_at)
        is_today = facts.bot_wrote_at.date() == facts.now.date()
        since = texts.SINCE.in_(language).format(
            time=time if is_today else f"{time} ({_date(facts.bot_wrote_at, language)})"
        )
    lines = [texts.SILENT.in_(language).format(since=since)]
    if _is_incomplete(facts):
        lines.append((texts.INCOMPLETE if facts.days[-1].dialogs else texts.UNKNOWN).in_(language))
    return lines


def _is_incomplete(facts: Facts) -> bool:
    """Whether the bot fell silent before yesterday was over."""
    return facts.is_stale and (facts.bot_wrote_at is None or facts.bot_wrote_at.date() <= facts.day)


def _numbers(facts: Facts, week: Sequence[Day]) -> list[str]:
    day, language = facts.days[-1], facts.language
    dialogs, bookings = sum(day.dialogs for day in week), sum(day.bookings for day in week)
    if not day.dialogs:
        average = _average(0, dialogs, len(week), language)
        return [] if _is_incomplete(facts) else [texts.NOBODY_WROTE.in_(language).format(average=average)]
    lines = [
        text.in_(language).format(
            value=numbers.number(count, language), average=_average(count, total, len(week), language)
        )
        for text, count, total in ((texts.DIALOGS, day.dialogs, dialogs), (texts.BOOKINGS, day.bookings, bookings))
    ]
    lines.append(_conversion(day, dialogs, bookings, len(week), language))
    if day.response_ms:
        lines.append(_response(day, [day.response_ms for day in week if day.response_ms], language))
    return lines


def _average(count: int, total: int, days: int, language: Language) -> str:
    """The week's average, and by how much the day's `count` differs from it."""
    if not days:
        return texts.NO_WEEK.in_(language)
    average = texts.AVERAGE.in_(language).format(
        days=texts.DAY.counted(days, language, NO_BREAK_SPACE), value=numbers.number(total / days, language)
    )
    return (
        f"{average}: {numbers.change(100 * (count * days - total) / total, language)}" if total and count else average
    )


def _conversion(day: Day, dialogs: int, bookings: int, days: int, language: Language) -> str:
    average = texts.NO_WEEK.in_(language)
    if dialogs:
        average = texts.WEEK_CONVERSION.in_(language).format(
            days=texts.DAY.counted(days, language, NO_BREAK_SPACE),
            value=numbers.percent(100 * bookings / dialogs, language),
            bookings=bookings,
            dialogs=dialogs,
        )
    value = numbers.percent(day.conversion, language)
    return texts.CONVERSION.in_(language).format(
        value=value, bookings=day.bookings, dialogs=day.dialogs, average=average
    )


def _response(day: Day, week: Sequence[int], language: Language) -> str:
    average = texts.NO_WEEK.in_(language)
    if week:
        average = texts.RESPONSE_AVERAGE.in_(language).format(value=_seconds(sum(week) / len(week), language))
    return texts.RESPONSE.in_(language).format(value=_seconds(day.response_ms, language), average=average)


def _seconds(milliseconds: float, language: Language) -> str:
    return texts.SECONDS.in_(language).format(value=numbers.number(milliseconds / 1000, language))


def _matters(facts: Facts) -> list[str]:
    language, bookings = facts.language, facts.days[-1].bookings
    lines = []
    if facts.alerts:
        lines.append(texts.OPEN_ALERTS.in_(language).format(kinds=_alert_kinds(facts.alerts, language)))
    if revised := [_revised(facts, day) for day in facts.days[:-1] if day.revised]:
        lines.append(texts.REVISED.in_(language).format(days="; ".join(revised)))
    if facts.lost:
        lines.append(texts.LOST.in_(language).format(dialogs=facts.days[-1].dialogs, stages=_lost(facts)))
    if what := _disagreements(facts):
        lines.append(texts.DISAGREEMENT.in_(language).format(total=bookings, what=what))
    if facts.top:
        services = ", ".join(_service(service, bookings, language) for service in facts.top)
        lines.append(texts.TOP_SERVICES.in_(language).format(services=services))
    if facts.waiting:
        lines.append(texts.WAITING.in_(language).format(count=facts.waiting))
    return lines


def _alert_kinds(kinds: Sequence[str], language: Language) -> str:
    return ", ".join(ALERT_KINDS[kind].in_(language) if kind in ALERT_KINDS else kind for kind in kinds)


def _revised(facts: Facts, day: Day) -> str:
    language = facts.language
    is_last = day.day == facts.day - timedelta(days=1)
    when = texts.BEFORE_YESTERDAY.in_(language) if is_last else _date(day.day, language)
    dialogs, bookings = texts.DIALOG.counted(day.dialogs, language), texts.BOOKING.counted(day.bookings, language)
    return f"{when} {dialogs}, {bookings}"


def _lost(facts: Facts) -> str:
    """The stages at which most were lost first."""
    order = list(STAGES)
    stages = sorted(facts.lost.items(), key=lambda item: (-item[1], order.index(item[0])))
    return ", ".join(f"{STAGES[stage].in_(facts.language)} — {count}" for stage, count in stages)


def _disagreements(facts: Facts) -> str:
    counts = (
        (texts.CANCELLED, facts.cancelled),
        (texts.NO_SHOW, facts.no_show),
        (texts.UNCONFIRMED, facts.unconfirmed),
    )
    return ", ".join(text.in_(facts.language).format(count=count) for text, count in counts if count)


def _service(service: Service, total: int, language: Language) -> str:
    share = texts.SHARE.in_(language).format(count=service.bookings, total=total)
    line = f"{_escaped(service.name, MAX_SERVICE)} — {share}"
    if not service.revenue or not service.currency:
        return line
    return f"{line} ({escape(numbers.money(service.revenue, service.currency, language), quote=False)})"


def _date(day: date, language: Language) -> str:
    return dates.day(day, language, NO_BREAK_SPACE)


def _escaped(text: str, limit: int) -> str:
    return escape(shorten(text, limit), quote=False)
