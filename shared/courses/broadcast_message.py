"""What recipients of a broadcast get: the author's words or file, from whom it comes, and how to switch it off."""

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
_SWITCH_OFF = Text(ru="🔕 Не присылать рассылки", en="🔕 No more mailings")


@dataclass(frozen=True)
class Sender:
    """From whom a broadcast comes."""

    school: str
    author: str
    language: Language


def compose(body: str, file_id: str | None, sender: Sender) -> dict[str, Any]:
    """The method and the payload of the message; `body` is HTML as Telegram takes it."""
    text = "\n\n".join(filter(None, (body, _footer(sender))))
    switch_off = {
        "text": _SWITCH_OFF.in_(sender.language),
        "callback_data": callback_data.write("mailings_off", "stop"),
    }
    payload: dict[str, Any] = {"parse_mode": "HTML", "reply_markup": {"inline_keyboard": [[switch_off]]}}
    if file_id is None:
        return {"method": "sendMessage", "payload": {"text": text, **payload}}
    method, field = stored_files.sent_by(file_id)
    return {"method": method, "payload": {field: file_id, "caption": text, **payload}}


def edit(message: dict[str, Any], message_id: int) -> tuple[str, dict[str, Any]]:
    """The method and the payload that make a message, which was sent, say what this one does. Its file stays."""
    payload = message["payload"]
    method, field = ("editMessageText", "text") if "text" in payload else ("editMessageCaption", "caption")
    kept = {name: payload[name] for name in (field, "parse_mode", "reply_markup")}
    return method, {**kept, "message_id": message_id}


def room(file_id: str | None, sender: Sender) -> int:
    """How long the author's words may be, in Telegram's units."""
    most = telegram_html.MAX_CAPTION if file_id else telegram_html.MAX_TEXT
    return most - telegram_html.length(_footer(sender)) - 2


def _footer(sender: Sender) -> str:
    text = _FROM_AUTHOR if sender.author else _FROM_SCHOOL
    names = {"school": escape(shorten(sender.school, MAX_NAME)), "author": escape(shorten(sender.author, MAX_NAME))}
    return f"<i>{text.in_(sender.language).format(**names)}</i>"
