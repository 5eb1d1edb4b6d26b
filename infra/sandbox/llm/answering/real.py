"""A real model behind an OpenAI-compatible address, in the stand-in's place once somebody has said where it is."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from starlette.responses import Response, StreamingResponse

from infra.sandbox.llm.answers import Row, in_json
from infra.sandbox.llm.errors import error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_SECONDS = 120.0  # how long it may be silent
_PASSED_ON = ("content-type", "retry-after")
_EVENT = b"data: "
VIA = "carillon-sandbox"  # whoever is asked with it as `Via` is asked by a sandbox


@dataclass(frozen=True)
class RealModel:
    """Where it is, the key, and the model that is asked for; none: whichever the caller names."""

    address: str
    key: str = field(repr=False)
    model: str = ""

    @property
    def host(self) -> str:
        """Whose it is, as the journal says it."""
        return urlsplit(self.address).netloc.rpartition("@")[2]

    async def ask(self, path: str, body: bytes, row: Row) -> Response:
        """Its answer, a stream as it comes; 502 in OpenAI's words when there is none."""
        row["by"] = self.host
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Via": VIA}
        async with AsyncExitStack() as open_until_answered:
            client = await open_until_answered.enter_async_context(httpx.AsyncClient(timeout=_SECONDS))
            try:
                asked = client.build_request(
                    "POST", f"{self.address}/{path}", content=self._named(body), headers=headers
                )
                answer = await client.send(asked, stream=True)
                open_until_answered.push_async_callback(answer.aclose)
                told = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
                if told.get("content-type", "").startswith("text/event-stream"):
                    events = _events(answer, row, open_until_answered.pop_all())
                    return StreamingResponse(events, answer.status_code, told)
                whole = await answer.aread()
            except (httpx.HTTPError, httpx.InvalidURL) as problem:
                words = f"The sandbox got no answer from {self.host}: {type(problem).__name__}."
                return in_json(error(words, "server_error"), HTTPStatus.BAD_GATEWAY)
        row["answer"] = _words(_read(whole), "message")
        return Response(whole, answer.status_code, told)

    def _named(self, body: bytes) -> bytes:
        asked = _read(body)
        return json.dumps(asked | {"model": self.model}).encode() if self.model and asked else body


async def _events(answer: httpx.Response, row: Row, until_read: AsyncExitStack) -> AsyncIterator[bytes]:
    """The lines of a stream as they come; the row has the words so far."""
    row["answer"] = ""
    async with until_read:
        async for line in answer.aiter_lines():
            if line.startswith(_EVENT.decode()):
                row["answer"] += _words(_read(line.encode()[len(_EVENT) :]), "delta") or ""
            yield f"{line}\n".encode()


def _words(found: dict[str, Any], where: str) -> str | None:
    """What a completion says, or a piece of one; None when it is something else."""
    match found:
        case {"choices": [{**choice}, *_]} if isinstance(said := choice.get(where), dict):
            return said.get("content")
    return None


def _read(text: bytes) -> dict[str, Any]:
    """A JSON object; without anything when it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
