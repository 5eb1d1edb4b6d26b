"""Doctor: whether Telegram brings a bot's updates to us."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from infra.admin.doctor.finding import Finding
from infra.admin.formats import format_value
from infra.admin.rotation.telegram_webhook import UPDATES
from shared import logs

AREA = "bots"
MANY_UPDATES = 100
NEEDS_WEBHOOK = ("courses", "salon", "support")
AN_OLD_ERROR = timedelta(days=1)  # Telegram gives an update up after a day
# What Telegram says of the last call that failed, and what to do.
_STEPS = (
    (("404",), "nobody there knows the bot, or its secret: {fix}"),
    (("connection", "timed out", "timeout", "resolve", "ssl", "certificate"), "see that it is served at {host}"),
    (("429", "500", "502", "503", "504"), "see the log of telegram_webhook, and whether its database answers"),
    (("301", "302", "307", "308"), "give the address that it redirects to: {fix}"),
)  # fmt: skip


def webhook(bot: Mapping[str, Any], username: str, info: Mapping[str, Any]) -> Finding:
    """What `info` (getWebhookInfo) says of a bot.

    `bot` has its name and system, `last_update` (when an update of it last had an effect) and `now`. It is in order
    when the last error is older than that, or older than a day while nothing waits.
    """
    name, who = bot["name"], f"{bot['name']} is @{username}"
    fix = f"carillon bots set-webhook {name} --url https://…"
    if not (url := info.get("url")):
        if bot["system"] in NEEDS_WEBHOOK:
            return Finding("warning", AREA, f"{who}, but hears nothing: no webhook", f"run: {fix}")
        return Finding("ok", AREA, f"{who} and sends (no webhook)")
    if not urlsplit(url).path.endswith(f"/{name}"):
        message = f"{who}, but Telegram brings its updates to {url}, which is no address of {name}"
        return Finding("problem", AREA, message, f"run: {fix}")
    if missing := sorted(set(UPDATES) - set(info.get("allowed_updates") or UPDATES)):
        message = f"{who}, but Telegram does not bring {', '.join(missing)}"
        return Finding("problem", AREA, message, f"run: {fix}")
    return _errors(bot, who, info, fix)


def _errors(bot: Mapping[str, Any], who: str, info: Mapping[str, Any], fix: str) -> Finding:
    waiting = info.get("pending_update_count", 0)
    reason = ""
    if info.get("last_error_date"):
        failed_at, last = datetime.fromtimestamp(info["last_error_date"], UTC), bot["last_update"]
        if last is not None and last > failed_at:
            reason = ": an update came after the last error"
        elif not waiting and bot["now"] - failed_at > AN_OLD_ERROR:
            reason = ": the last error is more than a day old, and nothing waits"
        else:
            error = logs.redact(str(info.get("last_error_message", "without a reason")))[:200]
            message = f"{who}, but its updates do not arrive: {error} (at {format_value(failed_at)}; {waiting} wait)"
            step = _step(error, urlsplit(info["url"]).netloc, fix)
            return Finding("problem" if waiting else "warning", AREA, message, step)
    if waiting >= MANY_UPDATES:
        message = f"{who}, but {waiting} updates wait at Telegram"
        return Finding("warning", AREA, message, "see that telegram_webhook answers")
    return Finding("ok", AREA, f"{who}, its webhook is set{reason}")


def _step(error: str, host: str, fix: str) -> str:
    for words, step in _STEPS:
        if any(word in error.lower() for word in words):
            return step.format(fix=fix, host=host)
    return f"see the log of telegram_webhook; or set it again: {fix}"
