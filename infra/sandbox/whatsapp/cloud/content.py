"""What a message of the Cloud API may hold, with its limits, and what the sandbox's page shows of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from infra.sandbox.whatsapp.cloud.errors import INVALID, Refusal, bad_value, missing

Json = dict[str, Any]
FILES = ("image", "document", "audio", "video", "sticker")
_MAX_TEXT, _MAX_BODY, _MAX_CAPTION = 4096, 1024, 1024
_MAX_BUTTONS, _MAX_TITLE, _MAX_ID = 3, 20, 256
_MAX_ROWS, _MAX_ROW_TITLE, _MAX_ROW_ID, _MAX_DESCRIPTION = 10, 24, 200, 72
_MAX_AROUND = 60  # a header or a footer


def shown(kind: str, content: Any) -> str:
    """The words of a message. Raises Refusal for what the API does not take, and for what the sandbox lacks."""
    if kind not in _SHOWN:
        raise Refusal(INVALID, f"This sandbox lacks messages of type {kind!r}, which WhatsApp may have")
    if not isinstance(content, list if kind == "contacts" else dict):
        raise missing(kind)
    return _SHOWN[kind](content)


def _text(content: Json) -> str:
    return _limited(_given(content, "body", "text"), _MAX_TEXT, "text['body']")


def _file(content: Json) -> str:
    if bool(content.get("id")) == bool(content.get("link")):
        raise missing("one of id, link")
    return _limited(str(content.get("caption") or ""), _MAX_CAPTION, "caption")


def _location(content: Json) -> str:
    for name in ("latitude", "longitude"):
        if content.get(name) in (None, ""):
            raise missing(f"location['{name}']")
    words = [str(content[name]) for name in ("latitude", "longitude", "name", "address") if content.get(name)]
    return ", ".join(words)


def _contacts(content: list[Any]) -> str:
    names = [person.get("name") for person in content if isinstance(person, dict)]
    if not names or not all(isinstance(name, dict) and name.get("formatted_name") for name in names):
        raise missing("contacts[0]['name']['formatted_name']")
    return ", ".join(str(name["formatted_name"]) for name in names if name)


def _reaction(content: Json) -> str:
    _given(content, "message_id", "reaction")
    return str(content.get("emoji") or "")


def _template(content: Json) -> str:
    language = content.get("language")
    if not isinstance(language, dict) or not language.get("code"):
        raise missing("template['language']['code']")
    name = _given(content, "name", "template")
    parts = [part for part in content.get("components") or [] if isinstance(part, dict)]
    words = [str(value.get("text", "")) for part in parts for value in part.get("parameters") or []]
    return f"{name} ({language['code']}) {' | '.join(filter(None, words))}".strip()


def _interactive(content: Json) -> str:
    kind, action = content.get("type"), content.get("action")
    if kind not in _ACTIONS:
        raise Refusal(INVALID, f"This sandbox lacks interactive messages of type {kind!r}, which WhatsApp may have")
    if not isinstance(action, dict):
        raise missing("interactive['action']")
    body = content.get("body")
    if not isinstance(body, dict):
        raise missing("interactive['body']")
    words = [_limited(_given(body, "text", "body"), _MAX_BODY, "body['text']")]
    for place in ("header", "footer"):
        around = content.get(place)
        if isinstance(around, dict) and around.get("text"):
            words.append(_limited(str(around["text"]), _MAX_AROUND, f"{place}['text']"))
    return "\n".join([*words, *(f"[{title}]" for title in _ACTIONS[kind](action))])


def _buttons(action: Json) -> list[str]:
    replies = [button.get("reply") for button in action.get("buttons") or [] if isinstance(button, dict)]
    if not 1 <= len(replies) <= _MAX_BUTTONS:
        raise bad_value(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {_MAX_BUTTONS}")
    return _choices(replies, _MAX_TITLE, _MAX_ID)


def _list(action: Json) -> list[str]:
    _limited(_given(action, "button", "action"), _MAX_TITLE, "action['button']")
    sections = [section for section in action.get("sections") or [] if isinstance(section, dict)]
    rows = [row for section in sections for row in section.get("rows") or []]
    if not 1 <= len(rows) <= _MAX_ROWS:
        raise bad_value(f"Invalid rows count. Total row count must be from 1 to {_MAX_ROWS}")
    if len(sections) > 1 and not all(section.get("title") for section in sections):
        raise missing("section['title']")
    for row in rows:
        _limited(str(row.get("description") or ""), _MAX_DESCRIPTION, "row['description']")
    return _choices(rows, _MAX_ROW_TITLE, _MAX_ROW_ID)


def _choices(choices: list[Any], max_title: int, max_id: int) -> list[str]:
    for choice in choices:
        if not isinstance(choice, dict) or not choice.get("id") or not choice.get("title"):
            raise missing("id, title")
        _limited(str(choice["title"]), max_title, "title")
        _limited(str(choice["id"]), max_id, "id")
    if len({str(choice["id"]) for choice in choices}) < len(choices):
        raise bad_value("ids must be unique")
    return [str(choice["title"]) for choice in choices]


def _link(action: Json) -> list[str]:
    parameters = action.get("parameters")
    if not isinstance(parameters, dict) or not str(parameters.get("url", "")).startswith(("http://", "https://")):
        raise bad_value("url")
    return [_limited(_given(parameters, "display_text", "parameters"), _MAX_TITLE, "display_text")]


def _given(content: Json, name: str, where: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value:
        raise missing(f"{where}['{name}']")
    return value


def _limited(text: str, most: int, name: str) -> str:
    if len(text) > most:
        raise Refusal(INVALID, f"Param {name} must be at most {most} characters long.")
    return text


_ACTIONS: dict[Any, Callable[[Json], list[str]]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "location_request_message": lambda _action: ["📍"],
}
_SHOWN: dict[str, Callable[[Any], str]] = {
    "text": _text,
    **dict.fromkeys(FILES, _file),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "template": _template,
    "interactive": _interactive,
}
