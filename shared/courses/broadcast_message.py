"""What recipients of a broadcast get: the author's words or files, from whom it comes, and how to switch it off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from shared.channels import telegram_html
from shared.courses import callback_data, stored_files
from shared.i18n.shorten import shorten
from shared.i18n.texts import Language, Text

MAX_NAME = 64  # characters of the school's name and the author's in the footer

_FROM_AUTHOR = Text(
    ru="Рассылка школы «{school}», пишет {author}. Вы согласились её получать; отключить — кнопкой ниже.",
    en="A mailing of “{school}”, written by {author}. You agreed to get it; the button below switches it off.",
)
_FROM_SCHOOL = Text(
    ru="Рассылка школы «{school}». Вы согласились её получать; отключить — кнопкой ниже.",
    en="A mailing of “{school}”. You agreed to get it; the button below switches it off.",
)
# An album has no room for a button.
_FROM_AUTHOR_ALBUM = Text(
    ru="Рассылка школы «{school}», пишет {author}. Вы согласились её получать; отключить — /start → «Уведомления».",
    en="A mailing of “{school}”, written by {author}. You agreed to get it; switch it off at /start → “Notifications”.",
)
_FROM_SCHOOL_ALBUM = Text(
    ru="Рассылка школы «{school}». Вы согласились её получать; отключить — /start → «Уведомления».",
    en="A mailing of “{school}”. You agreed to get it; switch it off at /start → “Notifications”.",
)
_SWITCH_OFF = Text(ru="🔕 Не присылать рассылки", en="🔕 No more mailings")


@dataclass(frozen=True)
class Sender:
    """From whom a broadcast comes."""

    school: str
    author: str
    language: Language


def compose(body: str, files: Sequence[str], sender: Sender) -> dict[str, Any]:
    """The method and the payload of the message, or of an album; `body` is HTML as Telegram takes it."""
    text = "\n\n".join(filter(None, (body, _footer(sender, is_album=len(files) > 1))))
    if len(files) > 1:
        album = [{"type": stored_files.sent_by(file)[1], "media": file} for file in files]
        album[0] |= {"caption": text, "parse_mode": "HTML"}
        return {"method": "sendMediaGroup", "payload": {"media": album}}
    switch_off = {
        "text": _SWITCH_OFF.in_(sender.language),
        "callback_data": callback_data.write("mailings_off", "stop"),
    }
    payload: dict[str, Any] = {"parse_mode": "HTML", "reply_markup": {"inline_keyboard": [[switch_off]]}}
    if not files:
        return {"method": "sendMessage", "payload": {"text": text, **payload}}
    method, field = stored_files.sent_by(files[0])
    return {"method": method, "payload": {field: files[0], "caption": text, **payload}}


def words(message: Mapping[str, Any]) -> str:
    """What stands in a message, in HTML."""
    shown = _shown(message["payload"])
    return str(shown.get("text") or shown["caption"])


def edit(message: dict[str, Any], message_id: int) -> tuple[str, dict[str, Any]]:
    """The method and the payload that make a message, which was sent, say what this one does. Its file stays."""
    shown = _shown(message["payload"])
    method, field = ("editMessageText", "text") if "text" in shown else ("editMessageCaption", "caption")
    kept = {name: shown[name] for name in (field, "parse_mode", "reply_markup") if name in shown}
    return method, {**kept, "message_id": message_id}


def room(sender: Sender, *, has_files: bool) -> int:
    """How long the author's words may be, in Telegram's units; with files also if more of an album come."""
    most = telegram_html.MAX_CAPTION if has_files else telegram_html.MAX_TEXT
    footer = max(telegram_html.length(_footer(sender, is_album=is_album)) for is_album in {False, has_files})
    return most - footer - 2


def _shown(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of it that has the words: of an album its first file."""
    return payload["media"][0] if "media" in payload else payload


def _footer(sender: Sender, *, is_album: bool) -> str:
    if is_album:
        text = _FROM_AUTHOR_ALBUM if sender.author else _FROM_SCHOOL_ALBUM
    else:
        text = _FROM_AUTHOR if sender.author else _FROM_SCHOOL
    names = {"school": escape(shorten(sender.school, MAX_NAME)), "author": escape(shorten(sender.author, MAX_NAME))}
    return f"<i>{text.in_(sender.language).format(**names)}</i>"
