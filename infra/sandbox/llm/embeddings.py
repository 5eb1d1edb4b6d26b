"""Vectors of texts: texts with the same words are near each other, and nothing more is promised."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import struct
from typing import Any, Literal

from pydantic import BaseModel, Field

_SIZE = 64


class Request(BaseModel):
    """Texts whose vectors are wanted."""

    model: str = Field(min_length=1)
    input: str | list[str]
    encoding_format: Literal["float", "base64"] = "float"


def answer(request: Request) -> dict[str, Any]:
    """The vectors."""
    texts = [request.input] if isinstance(request.input, str) else request.input
    vectors = [_vector(text) for text in texts]
    data = [
        {"object": "embedding", "index": index, "embedding": _encoded(vector, request.encoding_format)}
        for index, vector in enumerate(vectors)
    ]
    tokens = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": request.model, "data": data, "usage": usage}


def _vector(text: str) -> list[float]:
    counts = [0.0] * _SIZE
    for word in re.findall(r"\w+", text.casefold()) or [""]:
        counts[hashlib.sha256(word.encode()).digest()[0] % _SIZE] += 1.0
    length = math.hypot(*counts)
    return [count / length for count in counts]


def _encoded(vector: list[float], form: str) -> list[float] | str:
    return vector if form == "float" else base64.b64encode(struct.pack(f"<{_SIZE}f", *vector)).decode()
