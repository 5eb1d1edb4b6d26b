"""Query strings and forms (docs/protocols/getcourse.md, Encodings)."""

import re
from urllib.parse import unquote_to_bytes

from functions.ingest_webhook import encodings
from functions.ingest_webhook.encodings import Encoding

_NAME = re.compile(r"[^\W\d][\w.\[\]-]*")  # administrators type names in Russian, too


def read_form(form: bytes, declared: Encoding | None = None) -> dict[str, str]:
    """The fields of a query or form. A part that is no pair belongs to the value before it.

    GetCourse does not promise to escape an `&` inside a student's answer. Bytes that are text neither in the `declared`
    encoding nor in one that can be told become one lone surrogate each.
    """
    if not form:
        return {}
    parts = form.strip().split(b"&")
    otherwise: Encoding = "utf-8" if encodings.is_utf8(_unescape(form)) else encodings.detect(map(_unescape, parts))

    def decode(raw: bytes) -> str:
        text = _unescape(raw)
        return text.decode(declared, "surrogateescape") if declared else encodings.decode(text, otherwise)

    fields: list[tuple[str, list[bytes]]] = []
    for part in parts:
        name, equals, value = part.partition(b"=")
        if fields and not (equals and _NAME.fullmatch(decode(name))):
            fields[-1][1].append(part)
        elif part:
            fields.append((decode(name), [value]))
    return {name: decode(b"&".join(values)) for name, values in fields}


def _unescape(raw: bytes) -> bytes:
    raw = raw.replace(b"+", b" ")
    return unquote_to_bytes(raw) if b"%" in raw else raw
