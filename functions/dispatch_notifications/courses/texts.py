"""What the author of a broadcast reads while it goes out."""

from collections.abc import Mapping
from html import escape
from typing import Any

from shared.i18n.shorten import shorten
from shared.i18n.texts import Text

MAX_TITLE = 100
BAR = 10  # squares

_STATES: Mapping[str, Text] = {
    "sending": Text(ru="📤 Рассылка идёт", en="📤 The broadcast is going out"),
    "paused": Text(ru="⏸ Рассылка на паузе", en="⏸ The broadcast is paused"),
    "done": Text(ru="✅ Рассылка завершена", en="✅ The broadcast is over"),
    "cancelled": Text(ru="⏹ Рассылка остановлена", en="⏹ The broadcast was cancelled"),
    "error": Text(ru="⚠️ Рассылка не дошла ни до кого", en="⚠️ The broadcast reached nobody"),
}
_COUNTS = Text(
    ru="Отправлено {sent}, не дошло {failed}, пропущено {skipped}, осталось {queued}",
    en="Sent {sent}, failed {failed}, skipped {skipped}, left {queued}",
)
_LOOK = Text(
    ru="Пауза, отмена и список получателей: /start → «Рассылки».",
    en="Pause, cancel, list of recipients: /start → “Broadcasts”.",
)


def progress(row: Mapping[str, Any]) -> str:
    """How far the broadcast is, in HTML."""
    language, stats = row["language"], row["stats"]
    counts = {name: stats.get(name, 0) for name in ("sent", "failed", "skipped", "queued")}
    ended = sum(counts.values()) - counts["queued"]
    filled = BAR * ended // max(sum(counts.values()), 1)
    return "\n".join((
        f"<b>{_STATES[_state(row)].in_(language)}</b>",
        escape(shorten(row["title"], MAX_TITLE)),
        "",
        "🟩" * filled + "⬜" * (BAR - filled),
        _COUNTS.in_(language).format(**counts),
        _LOOK.in_(language),
    ))  # fmt: skip


def _state(row: Mapping[str, Any]) -> str:
    if row["is_cancelled"]:
        return "cancelled"
    return "paused" if row["status"] == "sending" and row["is_paused"] else str(row["status"])
