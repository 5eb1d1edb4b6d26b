"""The client: one question, answered whole or as it is being said, within a deadline."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

from shared.clients.http import HttpClient, HttpResponse, NoResponse, StreamedResponse
from shared.clients.llm.completion import Completion, ModelError, parse, refused_field
from shared.clients.llm.retry import retry_delay
from shared.clients.llm.stream import StreamParser
from shared.config import Settings
from shared.payload.postgres_text import without_nul

SETTINGS = ("llm_api_url", "llm_api_key", "llm_model", "llm_deadline_seconds")
LIMIT, NEW_LIMIT = "max_tokens", "max_completion_tokens"  # every server knows the one, OpenAI's new models the other
STREAM_DEADLINES = 3  # what all of a stream may take, in deadlines

_EVENTS = "text/event-stream"
Body = dict[str, Any]


class Model:
    """The model that the settings name. It is connected to by the first call."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = HttpClient(settings.llm_deadline_seconds)
        self._limit = LIMIT

    @property
    def is_there(self) -> bool:
        """Whether the settings name one."""
        return bool(self._settings.llm_api_url)

    async def complete(
        self, messages: Sequence[Mapping[str, str]], *, json_object: bool = False, most_tokens: int
    ) -> Completion:
        """The model's answer to `messages` (role and content), within the settings' deadline. Raises ModelFailed.

        With `json_object` the text is meant to be a JSON object, and nobody has checked it; some servers want the word
        "JSON" in the messages then.
        """
        body = self._body(messages, most_tokens)
        if json_object:
            body["response_format"] = {"type": "json_object"}
        try:
            async with asyncio.timeout(self._settings.llm_deadline_seconds):
                return await self._asked(body)
        except TimeoutError:
            raise ModelError("timeout") from None

    async def stream(
        self, messages: Sequence[Mapping[str, str]], *, most_tokens: int
    ) -> AsyncGenerator[str | Completion]:
        """The answer as it is being said: pieces of its text, and at last the completion, which is their sum.

        Each of them comes within the settings' deadline, and all within STREAM_DEADLINES of them. Raises ModelFailed,
        also in the middle. Whoever closes it (`contextlib.aclosing`) before the end hangs up.
        """
        body = self._body(messages, most_tokens)
        # A server that refuses these options is not asked again without them: all that matter know them.
        body |= {"stream": True, "stream_options": {"include_usage": True}}
        now, deadline = asyncio.get_running_loop().time, self._settings.llm_deadline_seconds
        end = now() + STREAM_DEADLINES * deadline
        async with aclosing(self._said(body)) as said:
            while True:
                try:
                    # Never around a yield: there it would interrupt whoever reads.
                    async with asyncio.timeout_at(min(now() + deadline, end)):
                        one = await anext(said)
                except TimeoutError:
                    raise ModelError("timeout") from None
                yield one
                if isinstance(one, Completion):
                    return

    async def close(self) -> None:
        """Close what a call has opened."""
        await self._http.close()

    def _body(self, messages: Sequence[Mapping[str, str]], most_tokens: int) -> Body:
        if not self.is_there:
            raise ModelError("not_connected")
        cleaned = [{"role": one["role"], "content": without_nul(one["content"])} for one in messages]
        return {"model": self._settings.llm_model, "messages": cleaned, "most_tokens": most_tokens}

    async def _asked(self, body: Body) -> Completion:
        answer = await self._http.call("POST", **self._request(body))
        seconds = self._again(answer)
        if seconds is not None:
            await asyncio.sleep(seconds)
            answer = await self._http.call("POST", **self._request(body))
        return parse(answer)

    async def _said(self, body: Body) -> AsyncGenerator[str | Completion]:
        async with self._opened(body) as answer:
            if isinstance(answer, StreamedResponse):
                pieces = StreamParser()
                async for chunk in answer.chunks:
                    if isinstance(chunk, NoResponse):
                        break
                    for piece in pieces.heard(chunk):
                        yield piece
                    if pieces.is_over:
                        break
                completion = pieces.completion()
            else:
                completion = parse(answer)  # not every server can stream
                yield completion.text
        yield completion

    @asynccontextmanager
    async def _opened(self, body: Body) -> AsyncIterator[HttpResponse | NoResponse | StreamedResponse]:
        """A stream of events, or what came instead; after one other try, where that helps."""
        async with self._http.stream("POST", **self._request(body, streamed=True)) as answer:
            first = await _await_result(answer)
            seconds = None if isinstance(first, StreamedResponse) else self._again(first)
            if seconds is None:
                yield first
                return
        await asyncio.sleep(seconds)
        async with self._http.stream("POST", **self._request(body, streamed=True)) as answer:
            yield await _await_result(answer)

    def _again(self, answer: HttpResponse | NoResponse) -> float | None:
        """Seconds until another try; None where none helps."""
        if isinstance(answer, HttpResponse) and refused_field(answer) == LIMIT:
            self._limit = NEW_LIMIT  # from now on
            return 0.0
        return retry_delay(answer)

    def _request(self, body: Body, *, streamed: bool = False) -> dict[str, Any]:
        key = self._settings.llm_api_key
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if streamed:
            headers["Accept-Encoding"] = "identity"  # whoever compresses holds words back
        asked = {self._limit if name == "most_tokens" else name: value for name, value in body.items()}
        return {"url": f"{self._settings.llm_api_url}/chat/completions", "json": asked, "headers": headers}


async def _await_result(answer: StreamedResponse | NoResponse) -> HttpResponse | NoResponse | StreamedResponse:
    """What is no stream of events is read to its end."""
    if isinstance(answer, NoResponse):
        return answer
    is_events = answer.headers.get("content-type", "").partition(";")[0].strip().lower() == _EVENTS
    return answer if is_events and 200 <= answer.status < 300 else await answer.read()
