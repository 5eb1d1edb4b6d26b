"""The card of a broadcast: what people get, who they are, how far it is, and what can be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from functions.telegram_webhook.courses.broadcasts import texts
from functions.telegram_webhook.courses.data.broadcasts import Broadcast
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Rows
from functions.telegram_webhook.courses.dialog.screen import View
from shared.channels import telegram_html
from shared.courses import broadcast_message, formats
from shared.courses.broadcast_message import Sender
from shared.i18n.texts import Language, Text

BAR = 10  # squares
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Data:
    """A broadcast; of a draft also how many it would reach (""), or not for which reason; `asked`: what to confirm.

    `awake_at` is when the quiet hours end, if a draft would go out in them.
    """

    broadcast: Broadcast
    school: str
    timezone: str
    now: datetime
    people: Mapping[str, int]
    rate: float = 1.0
    asked: str = ""
    awake_at: datetime | None = None


def view(data: Data, language: Language) -> View:
    """What it is, and what follows."""
    broadcast = data.broadcast
    lines = [f"<b>{texts.STATES[state(broadcast)].in_(language)}</b>", *_head(data, language)]
    if data.asked:
        asked = texts.ASKED[data.asked].in_(language).format(people=data.people.get("", 0))
        yes = Button(texts.YES.in_(language), buttons.data("broadcast", data.asked, broadcast.id, broadcast.revision))
        text = _with_message([*lines, "", f"<b>{asked}</b>"], data, language)
        rows = _morning(data, language) if data.asked == "send" else ()
        return View(text, ((yes,), *rows, buttons.back(language, "broadcast", broadcast.id)))
    rows = (
        (*_morning(data, language), *_draft_rows(broadcast, language))
        if broadcast.is_draft
        else _rows(broadcast, language)
    )
    return View(_with_message(lines, data, language), (*rows, buttons.back(language, "broadcasts")))


def state(broadcast: Broadcast) -> str:
    """The one word for it, of texts.STATES."""
    if broadcast.is_draft:
        return "draft"
    if broadcast.is_withdrawn:
        return "withdrawn"
    if broadcast.is_cancelled:
        return "cancelled"
    return "paused" if broadcast.is_paused and broadcast.status in ("pending", "sending") else broadcast.status


def audience(broadcast: Broadcast, language: Language) -> str:
    """Whom it is for, in HTML."""
    place = broadcast.place or ""
    if broadcast.audience == "role":
        return texts.ROLES[place].in_(language)
    named: Mapping[str, Text] = {"cohort": texts.COHORT, "stream": texts.STREAM}
    return named.get(broadcast.audience, texts.ALL).in_(language).format(name=escape(place))


def _head(data: Data, language: Language) -> list[str]:
    broadcast = data.broadcast
    lines = [texts.TO.in_(language).format(audience=audience(broadcast, language))]
    if broadcast.is_draft or broadcast.status == "pending":
        lines.append(texts.WHEN.in_(language).format(when=_when(data, language)))
    if broadcast.is_draft:
        lines += [texts.IN_QUIET_HOURS.in_(language)] if data.awake_at else []
        return [*lines, "", *_reach(data, language)]
    counts = {name: broadcast.stats.get(name, 0) for name in ("sent", "failed", "skipped", "queued")}
    lines += ["", _bar(counts), texts.COUNTS.in_(language).format(**counts)]
    return [*lines, texts.UNKNOWN.in_(language).format(count=broadcast.unknown)] if broadcast.unknown else lines


def _when(data: Data, language: Language) -> str:
    if data.broadcast.scheduled_at is None:
        return texts.AT_ONCE.in_(language)
    at = data.broadcast.scheduled_at.astimezone(ZoneInfo(data.timezone))
    return f"{_moment(at, language)} ({formats.zone(data.timezone, at)})"


def _moment(at: datetime, language: Language) -> str:
    return formats.day(at.date(), None, at.time(), language)


def _morning(data: Data, language: Language) -> Rows:
    """Where it would go out in quiet hours: a button that lets it wait for their end."""
    if data.awake_at is None:
        return ()
    text = texts.IN_THE_MORNING.in_(language).format(when=_moment(data.awake_at, language))
    return ((Button(text, buttons.data("broadcast", "morning", data.broadcast.id)),),)


def _reach(data: Data, language: Language) -> list[str]:
    people = data.people.get("", 0)
    lines = [texts.GET_IT.in_(language).format(people=people)]
    reasons = [
        text.in_(language).format(count=data.people[obstacle])
        for obstacle, text in texts.OBSTACLES.items()
        if obstacle in data.people
    ]
    if reasons:
        lines.append(texts.DO_NOT_GET_IT.in_(language).format(reasons="; ".join(reasons)))
    if people:
        messages = people * max(len(data.broadcast.files), 1)
        lines.append(texts.TAKES.in_(language).format(duration=_duration(messages / data.rate, language)))
    return lines


def _duration(seconds: float, language: Language) -> str:
    if seconds < MINUTE:
        return texts.LESS_THAN_A_MINUTE.in_(language)
    unit, noun = (MINUTE, texts.MINUTES) if seconds < 2 * HOUR else (HOUR, texts.HOURS)
    return texts.ABOUT.in_(language).format(duration=noun.counted(round(seconds / unit), language))


def _with_message(lines: list[str], data: Data, language: Language) -> str:
    """The lines, and what people get, if both have room in one message."""
    head = "\n".join(lines)
    title = texts.AS_THEY_SEE_IT.in_(language)
    files = len(data.broadcast.files)
    file = f"📎 {texts.FILES.counted(files, language)}\n" if files else ""
    whole = f"{head}\n\n{title}\n{file}\n{_message(data, language)}"
    if telegram_html.length(whole) <= telegram_html.MAX_TEXT:
        return whole
    return f"{head}\n\n{texts.TOO_LONG_TO_SHOW.in_(language)}"


def _message(data: Data, language: Language) -> str:
    """What people get, in HTML, or shall get once that is confirmed."""
    broadcast = data.broadcast
    body = broadcast.new_body if data.asked == "replace" else broadcast.body
    sender = Sender(data.school, broadcast.author, language)
    return broadcast_message.words(broadcast_message.compose(body or "", broadcast.files, sender))


def _bar(counts: Mapping[str, int]) -> str:
    ended = sum(counts.values()) - counts["queued"]
    filled = BAR * ended // max(sum(counts.values()), 1)
    return "🟩" * filled + "⬜" * (BAR - filled)


def _draft_rows(broadcast: Broadcast, language: Language) -> Rows:
    return (
        (_button(texts.CONTENT, language, "broadcast_text", "open", broadcast.id),),
        (
            _button(texts.AUDIENCE, language, "broadcast_to", "open", broadcast.id),
            _button(texts.TIME, language, "broadcast_time", "open", broadcast.id),
        ),
        (_button(texts.SAMPLE, language, "broadcast", "sample", broadcast.id),),
        (_button(texts.SEND, language, "broadcast", "open", broadcast.id, "send"),),
        (_button(texts.DELETE_DRAFT, language, "broadcast", "open", broadcast.id, "delete"),),
    )


def _rows(broadcast: Broadcast, language: Language) -> Rows:
    rows: list[tuple[Button, ...]] = []
    if broadcast.status in ("pending", "sending") and not broadcast.is_cancelled:
        turn = (texts.RESUME, "resume") if broadcast.is_paused else (texts.PAUSE, "pause")
        rows.append((
            _button(turn[0], language, "broadcast", turn[1], broadcast.id),
            _button(texts.CANCEL, language, "broadcast", "open", broadcast.id, "cancel"),
        ))  # fmt: skip
        rows.append((_button(texts.REFRESH, language, "broadcast", "open", broadcast.id),))
    if broadcast.unknown and not (broadcast.is_cancelled or broadcast.is_withdrawn):
        rows.append((_button(texts.RETRY, language, "broadcast", "retry", broadcast.id),))
    if broadcast.is_editable:
        rows.append((_button(texts.EDIT, language, "broadcast_text", "open", broadcast.id),))
        rows.append((_button(texts.WITHDRAW, language, "broadcast", "open", broadcast.id, "withdraw"),))
    rows.append((_button(texts.SAMPLE, language, "broadcast", "sample", broadcast.id),))
    if sum(broadcast.stats.values()):
        rows.append((_button(texts.LIST, language, "broadcast", "list", broadcast.id),))
    return tuple(rows)


def _button(text: Text, language: Language, *data: object) -> Button:
    screen, action, *arguments = data
    return Button(text.in_(language), buttons.data(str(screen), str(action), *arguments))
