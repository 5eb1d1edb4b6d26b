"""The text or caption of a message, with its entities: by markup, as given, or found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.sandbox.telegram.errors import bad_request
from infra.sandbox.telegram.formatting.found_entities import found
from infra.sandbox.telegram.formatting.given_entities import checked
from infra.sandbox.telegram.formatting.html import parse_html, trimmed, utf16
from infra.sandbox.telegram.formatting.markdown import parse_markdown, parse_markdown_v2
from infra.sandbox.telegram.params import Params, flag, json_value, text

if TYPE_CHECKING:
    from infra.sandbox.telegram.models import Json

_MAX_TEXT_UNITS = 4096
_MAX_SOURCE_BYTES = 32_768
_MAX_CAPTION_UNITS = 1024
_PARSERS = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"


def message_text(params: Params, too_long: str = "message is too long") -> Json:
    """`text`, `entities` and how its link is previewed. Raises ApiError."""
    source = text(params, "text")
    if not source:
        reason = "message text is empty"
        raise bad_request(reason)
    if len(source.encode()) > _MAX_SOURCE_BYTES:
        reason = "text is too long"
        raise bad_request(reason)
    plain, entities = _formatted(params, "text", "entities")
    if not plain.strip(_UNSEEN):
        reason = "text must be non-empty"
        raise bad_request(reason)
    if utf16(plain) > _MAX_TEXT_UNITS:
        raise bad_request(too_long)
    content: Json = {"text": plain} | ({"entities": entities} if entities else {})
    preview = _preview(params) or _previewed(plain, entities)
    return content | ({"link_preview_options": preview} if preview else {})


def caption(params: Params) -> Json:
    """`caption`, its entities and its place; nothing when there is none. Raises ApiError."""
    plain, entities = _formatted(params, "caption", "caption_entities")
    if utf16(plain) > _MAX_CAPTION_UNITS:
        reason = "message caption is too long"
        raise bad_request(reason)
    if not plain:
        return {}
    shown: Json = {"caption": plain} | ({"caption_entities": entities} if entities else {})
    return shown | ({"show_caption_above_media": True} if flag(params, "show_caption_above_media") else {})


def _formatted(params: Params, name: str, entities_name: str) -> tuple[str, list[Json]]:
    source, mode = text(params, name), text(params, "parse_mode").lower()
    if mode in ("", "none"):
        given = json_value(params, entities_name)
        plain, entities = trimmed(source, checked(source, given) if given else [])
    elif mode in _PARSERS:
        plain, entities = _PARSERS[mode](source)
    else:
        reason = "unsupported parse_mode"
        raise bad_request(reason)
    return plain, found(plain, entities)


def _preview(params: Params) -> Json:
    given = json_value(params, "link_preview_options")
    if given is None:
        return {"is_disabled": True} if flag(params, "disable_web_page_preview") else {}
    if not isinstance(given, dict):
        reason = "object expected as link preview options"
        raise bad_request(reason)
    return {key: value for key, value in given.items() if value}


def _previewed(plain: str, entities: list[Json]) -> Json:
    """The address whose preview Telegram shows by itself: the first of the text."""
    for entity in entities:
        if entity["type"] == "text_link" and entity["url"].startswith(("http://", "https://")):
            return {"url": entity["url"]}
        if entity["type"] == "url":
            units = plain.encode("utf-16-le")
            begin = entity["offset"] * 2
            url = units[begin : begin + entity["length"] * 2].decode("utf-16-le")
            return {"url": url} if url.startswith(("http://", "https://")) else {"url": f"http://{url}"}
    return {}
