"""What a salon's owner reads over breakfast: the caption of the picture, in HTML, every number beside another one."""

from datetime import timedelta
from html import escape

from functions.daily_metrics_digest.digest.facts import Day, Facts, Service
from functions.daily_metrics_digest.digest.words import Words, words
from shared.channels.telegram_html import MAX_CAPTION

WEEK = 7
MAX_NAME, MAX_SERVICE = 60, 40


def digest(facts: Facts) -> str:
    """The caption. What matters least stands last and is left out where there is no room."""
    w = words(facts.language)
    week = week_before(facts)
    head = w.head.format(name=_cut(facts.name, MAX_NAME), day=w.date(facts.day))
    paragraphs = [[head], _silence(w, facts), _numbers(w, facts, week), _matters(w, facts)]
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


def _silence(w: Words, facts: Facts) -> list[str]:
    if not facts.is_stale:
        return []
    since = w.never
    if facts.bot_wrote_at:
        moment = f"{facts.bot_wrote_at:%H:%M}"
        is_today = facts.bot_wrote_at.date() == facts.now.date()
        since = w.since.format(time=moment if is_today else f"{moment} ({w.date(facts.bot_wrote_at.date())})")
    told = [w.silent.format(since=since)]
    if _is_incomplete(facts):
        told.append(w.incomplete if facts.days[-1].dialogs else w.unknown)
    return told


def _is_incomplete(facts: Facts) -> bool:
    """Whether the bot fell silent before yesterday was over."""
    return facts.is_stale and (facts.bot_wrote_at is None or facts.bot_wrote_at.date() <= facts.day)


def _numbers(w: Words, facts: Facts, week: list[Day]) -> list[str]:
    day = facts.days[-1]
    dialogs, bookings = sum(one.dialogs for one in week), sum(one.bookings for one in week)
    if not day.dialogs:
        average = f" ({_average(w, 0, dialogs, len(week))})"
        return [] if _is_incomplete(facts) else [w.nobody.format(average=average)]
    conversion = w.no_week
    if dialogs:
        of = {"days": w.days(len(week)), "bookings": bookings, "dialogs": dialogs}
        conversion = w.week_conversion.format(value=w.percent(100 * bookings / dialogs), **of)
    pairs = zip(w.names, (day.dialogs, day.bookings), (dialogs, bookings), strict=True)
    lines = [w.count.format(name=n, value=w.number(v), average=_average(w, v, sum_, len(week))) for n, v, sum_ in pairs]
    shown = {"value": w.percent(day.conversion), "bookings": day.bookings, "dialogs": day.dialogs}
    lines.append(w.conversion.format(**shown, average=conversion))
    if day.response_ms:
        usual = [one.response_ms for one in week if one.response_ms]
        average = w.usual.format(value=_seconds(w, sum(usual) / len(usual))) if usual else w.no_week
        lines.append(w.response.format(value=_seconds(w, day.response_ms), average=average))
    return lines


def _average(w: Words, value: int, total: int, days: int) -> str:
    if not days:
        return w.no_week
    change = f": {round(100 * (value * days - total) / total):+d}" if total and value else ""
    change = change.replace("-", "−") + w.percent(0).removeprefix("0") if change else ""
    return w.average.format(days=w.days(days), value=w.number(total / days), change=change)


def _seconds(w: Words, milliseconds: float) -> str:
    return w.seconds.format(value=w.number(milliseconds / 1000))


def _matters(w: Words, facts: Facts) -> list[str]:
    """What to look at."""
    day = facts.days[-1]
    lines = []
    if facts.alerts:
        lines.append(w.alerts.format(kinds=", ".join(w.kinds.get(kind, kind) for kind in facts.alerts)))
    if revised := [_revised(w, facts, one) for one in facts.days[:-1] if one.revised]:
        lines.append(w.revised.format(days="; ".join(revised)))
    if facts.lost:
        stages = sorted(facts.lost.items(), key=lambda one: (-one[1], list(w.stages).index(one[0])))
        told = ", ".join(f"{w.stages[stage]} — {count}" for stage, count in stages)
        lines.append(w.lost.format(stages=told, dialogs=day.dialogs))
    differs = zip(w.disagreements, (facts.cancelled, facts.no_show, facts.unconfirmed), strict=True)
    if what := ", ".join(pattern.format(n=count) for pattern, count in differs if count):
        lines.append(w.disagreement.format(total=day.bookings, what=what))
    if facts.top:
        lines.append(w.top.format(services=", ".join(_service(w, one, day.bookings) for one in facts.top)))
    if facts.waiting:
        lines.append(w.waiting.format(count=facts.waiting))
    return lines


def _revised(w: Words, facts: Facts, day: Day) -> str:
    is_last = day.day == facts.day - timedelta(days=1)
    when = w.before_yesterday if is_last else w.date(day.day)
    return f"{when} {_counted(w, 0, day.dialogs)}, {_counted(w, 1, day.bookings)}"


def _counted(w: Words, what: int, count: int) -> str:
    """«14 диалогов»."""
    return f"{count} {w.form(count, w.forms[what])}"


def _service(w: Words, service: Service, total: int) -> str:
    money = w.money(service.revenue, service.currency) if service.revenue and service.currency else ""
    told = f"{_cut(service.name, MAX_SERVICE)} — {w.of.format(count=service.bookings, total=total)}"
    return f"{told} ({escape(money, quote=False)})" if money else told


def _cut(text: str, most: int) -> str:
    return escape(text if len(text) <= most else text[: most - 1] + "…", quote=False)
