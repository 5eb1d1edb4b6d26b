"""From bytes to a document: query strings, forms and JSON (docs/protocols/getcourse.md, Вызвать URL)."""

import codecs
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from shared.payload.postgres_text import replace_nul
from shared.payload.values import map_scalars

MAX_DEPTH = 64
SECRET_NAMES = ("secret", "k")
LOOKS_SECRET = 16  # characters
_NAME = re.compile(r"[^\W\d][\w.\[\]-]*")  # administrators type names in Russian, too


@dataclass(frozen=True)
class WebhookRequest:
    """One request as it came, without the secret."""

    query: str
    body: bytes
    content_type: str


class MalformedPayload(Exception):
    """The bytes do not make a document. The text is a reason for a table; it holds no input."""


class RejectedPayload(MalformedPayload):
    """Bytes that no honest sender makes: absurd numbers, bottomless nesting."""


@dataclass(frozen=True)
class Payload:
    """What a delivery says."""

    content: Any
    exact: bool  # False: the bytes are worth keeping, `content` does not show them fully
    sanitized: bool  # True: characters that Postgres cannot hold were replaced
    beside: Mapping[str, str] = field(default_factory=dict)  # what the query adds to a JSON body


def split_query(query: str, names: Sequence[str] = SECRET_NAMES) -> tuple[str, str]:
    """The query string without its secret, and the secret ("" when there is none).

    The first value under the first of `names` counts, else under the next: an unescaped `&` in an answer may bring
    others. Those stay with the answer unless they are long, for then they may be the secret of yesterday.
    """
    pairs = [(part, *part.partition("=")[::2]) for part in query.split("&")]
    secret = next((value for wanted in names for _, name, value in pairs if name == wanted and value), "")
    kept = [part for part, name, value in pairs if name not in names or (value != secret and len(value) < LOOKS_SECRET)]
    return "&".join(kept), unquote_plus(secret, errors="replace")


def read(delivery: WebhookRequest) -> Payload:
    """The delivery's document: JSON as it is; forms and queries as a flat object, in which the body wins.

    Raises Unreadable or Hostile.
    """
    body = delivery.body.removeprefix(codecs.BOM_UTF8)
    if "multipart/" in delivery.content_type:
        raise MalformedPayload("a multipart form is not read: send x-www-form-urlencoded or JSON")
    if body.lstrip()[:1] in (b"{", b"["):
        document = _read_json(body)
        if not delivery.query:
            return document
        beside, changed = _sanitize(_read_form(delivery.query))
        return Payload(document.content, exact=False, sanitized=document.sanitized or changed, beside=beside)
    if body.strip() and "json" in delivery.content_type:
        raise MalformedPayload("the body is not JSON")
    try:
        form = body.decode()
        readable = True
    except UnicodeDecodeError:
        form = body.decode(errors="replace")
        readable = False
    content, sanitized = _sanitize({**_read_form(delivery.query), **_read_form(form)})
    if not content:
        raise MalformedPayload("the request is empty")
    return Payload(content, exact=False, sanitized=sanitized or not readable)


def _read_form(text: str) -> dict[str, str]:
    """Pairs of a query or form. A part that is no pair belongs to the answer before it.

    GetCourse does not promise to escape an `&` inside a student's answer.
    """
    pairs: list[list[str]] = []
    for part in text.strip().split("&"):
        name, equals, value = part.partition("=")
        if pairs and not (equals and _NAME.fullmatch(unquote_plus(name))):
            pairs[-1][1] += "&" + part
        elif part:
            pairs.append([name, value])
    return {unquote_plus(name, errors="replace"): unquote_plus(value, errors="replace") for name, value in pairs}


def _read_json(body: bytes) -> Payload:
    repeated = False

    def last_wins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        result = dict(pairs)
        repeated = repeated or len(result) != len(pairs)
        return result

    try:
        content = json.loads(body, object_pairs_hook=last_wins, parse_constant=_no_such_number)
    except RecursionError:
        raise RejectedPayload("the body is nested too deeply") from None
    except UnicodeDecodeError:
        raise MalformedPayload("the body is not UTF-8") from None
    except json.JSONDecodeError:
        raise MalformedPayload("the body is not JSON") from None
    except ValueError:
        raise RejectedPayload("a number is out of range") from None
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _depth(content) > MAX_DEPTH:
        raise RejectedPayload("the body is nested too deeply")
    suspicious = any(mark in body for mark in (b"\\u", b"\x00", b"\xed"))  # \xed: surrogates as bytes, too
    content, sanitized = _sanitize(content) if suspicious else (content, False)
    return Payload(content, exact=not repeated and not sanitized, sanitized=sanitized)


def _no_such_number(_: str) -> Any:
    raise ValueError


def _depth(content: Any) -> int:
    depth, level = 0, [content]
    while level:
        depth += 1
        level = [child for node in level for child in _children(node)]
    return depth


def _children(node: Any) -> Iterable[Any]:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()


def _sanitize(content: Any) -> tuple[Any, bool]:
    """`content` with NUL and lone surrogates replaced, and whether any were: Postgres can hold neither."""
    clean = map_scalars(content, _replace_nul)
    return clean, clean != content


def _replace_nul(value: Any) -> Any:
    return replace_nul(value) if isinstance(value, str) else value
