"""From bytes to a payload: query strings, forms and JSON (docs/protocols/getcourse.md, Вызвать URL)."""

import codecs
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import unquote_plus

from functions.ingest_webhook import encodings
from functions.ingest_webhook.form import read_form
from functions.ingest_webhook.inbox import MalformedPayload, RejectedPayload
from shared.payload.postgres_text import replace_nul
from shared.payload.values import map_scalars

Record = TypeVar("Record")
Kind = TypeVar("Kind")

MAX_DEPTH = 64
SECRET_NAMES = ("secret", "k")
MIN_SECRET = 16  # characters

# In every body that holds a NUL or a surrogate, escaped or as bytes. Letters are escaped too often to walk them all.
_UNSTORABLE = (b"\\u0000", b"\\ud", b"\\uD", b"\x00", b"\xed")


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
    """What a request says. `original` and `original_query` have NUL and surrogates where the others have marks."""

    content: Any
    original: Any
    lossless: bool  # False: the bytes are worth keeping, `content` does not show them fully
    query_fields: Mapping[str, str] = field(default_factory=dict)  # what the query adds to a JSON body
    original_query: Mapping[str, str] = field(default_factory=dict)

    @property
    def sanitized(self) -> bool:
        """Whether what Postgres cannot hold, or nobody can read, was replaced by a mark."""
        return self.content is not self.original or self.query_fields != self.original_query


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
    query = read_form(webhook.query_bytes)
    if body.lstrip()[:1] in (b"{", b"["):
        content, original, lossless = _read_json(body)
        return Payload(content, original, lossless and not webhook.query, _sanitize(query), query)
    if body.strip() and "json" in webhook.content_type:
        raise MalformedPayload("the body is not JSON")
    fields = {**query, **read_form(body, encodings.declared(webhook.content_type))}
    if not fields:
        raise MalformedPayload("the request is empty")
    return Payload(_sanitize(fields), fields, lossless=False)


def _read_json(body: bytes) -> tuple[Any, Any, bool]:
    """What the body says, sanitized and as it came, and whether nothing of it was lost."""
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
    sanitized = _sanitize(content) if any(mark in body for mark in _UNSTORABLE) else content
    return sanitized, content, not repeated and sanitized is content


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


def _sanitize(content: Any) -> Any:
    """`content` with a mark for each NUL and lone surrogate, which Postgres cannot hold; itself without any."""
    clean = map_scalars(content, _replace_nul)
    return content if clean == content else clean


def _replace_nul(value: Any) -> Any:
    return replace_nul(value) if isinstance(value, str) else value
