"""What the three WhatsApp gateways share: our words read, and what an answer means that is in nobody's words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from shared.channels import telegram_html
from shared.channels.outcome import Outcome
from shared.channels.telegram import retry_after
from shared.clients.http import HttpResponse

Kind = Literal["text", "image", "document", "audio", "voice", "video"]

NOT_SUPPORTED = Outcome("bad_request", "not_supported")

_FILES: dict[str, tuple[str, Kind]] = {
    "sendPhoto": ("photo", "image"),
    "sendDocument": ("document", "document"),
    "sendAudio": ("audio", "audio"),
    "sendVoice": ("voice", "voice"),
    "sendVideo": ("video", "video"),
}
_PERSON = re.compile(r"\+?(\d{5,20})(@s\.whatsapp\.net|@c\.us)?")


@dataclass(frozen=True)
class Content:
    """What a message says: a text, or the address of a file and its caption."""

    kind: Kind
    text: str  # or the caption; may be empty beside a file
    url: str = ""
    file_name: str = ""


def to_content(method: str, payload: Mapping[str, Any]) -> Content | None:
    """What a call of the Bot API says; None when WhatsApp has nothing like it.

    A Telegram file_id cannot go to WhatsApp, an http(s) address can. There is no HTML, so the words go alone; what
    only Telegram has beside them (buttons, previews, threads) is left out.
    """
    if method == "sendMessage":
        text = _text(payload, "text")
        return Content("text", text) if text.strip() else None
    if method not in _FILES:
        return None
    field, kind = _FILES[method]
    url = payload.get(field)
    if not isinstance(url, str) or not re.match(r"https?://[^\s/]", url, re.IGNORECASE):
        return None
    return Content(kind, _text(payload, "caption"), url, _file_name(payload, url))


def number(to: str) -> str | None:
    """The digits of a person's address; None for groups and hidden numbers."""
    found = _PERSON.fullmatch(to)
    return found[1] if found else None


def by_status(response: HttpResponse, unknown: str) -> Outcome:
    """What an answer means that has no words we know, as a proxy's page has none. `unknown` names a strange 2xx."""
    status = response.status
    if 200 <= status < 300:
        return Outcome("ambiguous", unknown, status)
    if status == 429:
        pause = retry_after(None, response.headers)
        return Outcome("rate_limited", "rate_limited", status, retry_after=pause, bot_wide=True)
    if status == 401 or (status == 403 and response.fields):  # a 403 without JSON is a firewall's, not the gateway's
        return Outcome("bot_refused", "bot_refused", status)
    if status in (414, 431):  # texts that travel in the address
        return Outcome("too_long", "too_long", status)
    if status in (400, 405, 413, 415, 422):
        return Outcome("bad_request", "bad_request", status)
    return Outcome("transient", "server_error", status)


def _text(payload: Mapping[str, Any], field: str) -> str:
    text = str(payload.get(field) or "")
    return telegram_html.strip_tags(text) if str(payload.get("parse_mode", "")).upper() == "HTML" else text


def _file_name(payload: Mapping[str, Any], url: str) -> str:
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    return str(payload.get("file_name") or unquote(path).rsplit("/", 1)[-1] or "file")
