"""From bytes to a payload: query strings, forms and JSON (docs/protocols/getcourse.md, Вызвать URL)."""

import codecs
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import unquote_plus

from functions.ingest_webhook.inbox import MalformedPayload, RejectedPayload
from shared.payload.postgres_text import replace_nul
from shared.payload.values import map_scalars

Record = TypeVar("Record")
Kind = TypeVar("Kind")

MAX_DEPTH = 64
SECRET_NAMES = ("secret", "k")
MIN_SECRET = 16  # characters
_CP1251 = re.compile(r"charset=\W?(windows-1251|cp1251)\b", re.IGNORECASE)  # what old programs say that they write in
_NAME = re.compile(r"[^\W\d][\w.\[\]-]*")  # administrators type names in Russian, too


@dataclass(frozen=True)
class WebhookRequest:
    """A request as it came, without the secret."""

    query: str
    body: bytes
    content_type: str

    @property
    def query_bytes(self) -> bytes:
        """The query string as it was sent."""
        return self.query.encode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class ParsedRequest(Generic[Record]):
    """An authenticated request, and the records that it was parsed to."""

    source_id: int
    correlation_id: str
    webhook: WebhookRequest
    records: Sequence[Record]

    def records_of(self, kind: type[Kind]) -> list[Kind]:
        """The records of one kind, in order."""
        return [record for record in self.records if isinstance(record, kind)]


@dataclass(frozen=True)
class Payload:
    """What a request says."""

    content: Any
    lossless: bool  # False: the bytes are worth keeping, `content` does not show them fully
    sanitized: bool  # True: characters that Postgres cannot hold were replaced
    query_fields: Mapping[str, str] = field(default_factory=dict)  # what the query adds to a JSON body


def split_query(query: str, names: Sequence[str] = SECRET_NAMES) -> tuple[str, str]:
    """The query string without its secret, and the secret ("" when there is none).

    The first value under the first of `names` counts, else under the next: an unescaped `&` in an answer may bring
    others. Those stay with the answer unless they are long, for then they may be the secret of yesterday.
    """
    pairs = [(part, *part.partition("=")[::2]) for part in query.split("&")]
    secret = next((value for first in names for _, name, value in pairs if name == first and value), "")
    kept = [part for part, name, value in pairs if name not in names or (value != secret and len(value) < MIN_SECRET)]
    return "&".join(kept), unquote_plus(secret, errors="replace")


def read(webhook: WebhookRequest) -> Payload:
    """The request's payload: JSON as it is; forms and queries as a flat object, in which the body wins.

    Raises MalformedPayload or RejectedPayload.
    """
    body = webhook.body.removeprefix(codecs.BOM_UTF8)
    if "multipart/" in webhook.content_type:
        raise MalformedPayload("a multipart form is not read: send x-www-form-urlencoded or JSON")
    if body.lstrip()[:1] in (b"{", b"["):
        payload = _read_json(body)
        if not webhook.query:
            return payload
        fields, changed = _sanitize(read_form(webhook.query))
        return Payload(payload.content, lossless=False, sanitized=payload.sanitized or changed, query_fields=fields)
    if body.strip() and "json" in webhook.content_type:
        raise MalformedPayload("the body is not JSON")
    encoding = "cp1251" if _CP1251.search(webhook.content_type) else "utf-8"
    try:
        form = body.decode(encoding)
        is_readable = True
    except UnicodeDecodeError:
        form = body.decode(encoding, errors="replace")
        is_readable = False
    content, sanitized = _sanitize({**read_form(webhook.query), **read_form(form, encoding)})
    if not content:
        raise MalformedPayload("the request is empty")
    return Payload(content, lossless=False, sanitized=sanitized or not is_readable)


def read_form(text: str, encoding: str = "utf-8") -> dict[str, str]:
    """Fields of a query or form, escaped in `encoding`. A part that is no pair belongs to the value before it.

    GetCourse does not promise to escape an `&` inside a student's answer.
    """
    pairs: list[list[str]] = []
    for part in text.strip().split("&"):
        name, equals, value = part.partition("=")
        if pairs and not (equals and _NAME.fullmatch(unquote_plus(name))):
            pairs[-1][1] += "&" + part
        elif part:
            pairs.append([name, value])
    return {unquote_plus(name, encoding, "replace"): unquote_plus(value, encoding, "replace") for name, value in pairs}


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
    return Payload(content, lossless=not repeated and not sanitized, sanitized=sanitized)


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
