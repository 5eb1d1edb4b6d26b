"""The client: one completion, whole or streamed, within a deadline."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

from shared.clients.http import HttpClient, HttpResponse, NoResponse, StreamedResponse
from shared.clients.llm.completion import Completion, ModelError, parse, refused_field
from shared.clients.llm.retry import retry_delay
from shared.clients.llm.stream import StreamParser
from shared.clients.network import network_of
from shared.config import Settings
from shared.payload.postgres_text import without_nul

SETTINGS = ("llm_api_url", "llm_api_key", "llm_model", "llm_deadline_seconds", "llm_proxy", "ca_file")
STREAM_DEADLINES = 3  # what all of a stream may take, in deadlines

# Every server knows the first name, OpenAI's new models only the second.
_LIMIT_FIELD, _NEW_LIMIT_FIELD = "max_tokens", "max_completion_tokens"
_SSE = "text/event-stream"
Body = dict[str, Any]


class Model:
    """The model that the settings name. It is connected to by the first call."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = HttpClient(settings.llm_deadline_seconds, network_of(settings))
        self._limit_field = _LIMIT_FIELD

    @property
    def is_configured(self) -> bool:
        """Whether the settings name one."""
        return bool(self._settings.llm_api_url)

    async def complete(
        self, messages: Sequence[Mapping[str, str]], *, json_object: bool = False, max_tokens: int
    ) -> Completion:
        """The model's answer to `messages` (role and content), within the settings' deadline. Raises ModelError.

        With `json_object` the text is meant to be a JSON object, and nobody has checked it; some servers want the word
        "JSON" in the messages then.
        """
        body = self._request_body(messages, max_tokens)
        if json_object:
            body["response_format"] = {"type": "json_object"}
        try:
            async with asyncio.timeout(self._settings.llm_deadline_seconds):
                return await self._send(body)
        except TimeoutError:
            raise ModelError("timeout") from None

    async def stream(
        self, messages: Sequence[Mapping[str, str]], *, max_tokens: int
    ) -> AsyncGenerator[str | Completion]:
        """Pieces of the answer's text as they come, and at last the completion, which is their sum.

        Each of them comes within the settings' deadline, and all within STREAM_DEADLINES of them. Raises ModelError,
        also in the middle. Whoever closes it (`contextlib.aclosing`) before the end hangs up.
        """
        body = self._request_body(messages, max_tokens)
        # There is no second try without these options for a server that refuses them: all that matter know them.
        body |= {"stream": True, "stream_options": {"include_usage": True}}
        now, deadline = asyncio.get_running_loop().time, self._settings.llm_deadline_seconds
        end = now() + STREAM_DEADLINES * deadline
        async with aclosing(self._stream_events(body)) as events:
            while True:
                try:
                    # Never around a yield: there it would interrupt whoever reads.
                    async with asyncio.timeout_at(min(now() + deadline, end)):
                        event = await anext(events)
                except TimeoutError:
                    raise ModelError("timeout") from None
                yield event
                if isinstance(event, Completion):
                    return

    async def close(self) -> None:
        """Close what a call has opened."""
        await self._http.close()

    def _request_body(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Body:
        if not self.is_configured:
            raise ModelError("not_connected")
        cleaned = [{"role": message["role"], "content": without_nul(message["content"])} for message in messages]
        return {"model": self._settings.llm_model, "messages": cleaned, _LIMIT_FIELD: max_tokens}

    async def _send(self, body: Body) -> Completion:
        answer = await self._http.call("POST", **self._request(body))
        seconds = self._retry_delay(answer)
        if seconds is not None:
            await asyncio.sleep(seconds)
            answer = await self._http.call("POST", **self._request(body))
        return parse(answer)

    async def _stream_events(self, body: Body) -> AsyncGenerator[str | Completion]:
        async with self._open_stream(body) as answer:
            if isinstance(answer, StreamedResponse):
                parser = StreamParser()
                async for chunk in answer.chunks:
                    if isinstance(chunk, NoResponse):
                        break
                    for piece in parser.feed(chunk):
                        yield piece
                    if parser.is_over:
                        break
                completion = parser.completion()
            else:
                completion = parse(answer)  # not every server can stream
                yield completion.text
        yield completion

    @asynccontextmanager
    async def _open_stream(self, body: Body) -> AsyncIterator[HttpResponse | NoResponse | StreamedResponse]:
        """A stream of events, or what came instead; after one more try, where that helps."""
        async with self._http.stream("POST", **self._request(body, streamed=True)) as answer:
            first = await _await_result(answer)
            seconds = None if isinstance(first, StreamedResponse) else self._retry_delay(first)
            if seconds is None:
                yield first
                return
        await asyncio.sleep(seconds)
        async with self._http.stream("POST", **self._request(body, streamed=True)) as answer:
            yield await _await_result(answer)

    def _retry_delay(self, answer: HttpResponse | NoResponse) -> float | None:
        """Seconds until the one other try; None where it would not help."""
        if isinstance(answer, HttpResponse) and refused_field(answer) == _LIMIT_FIELD:
            self._limit_field = _NEW_LIMIT_FIELD  # from now on
            return 0.0
        return retry_delay(answer)

    def _request(self, body: Body, *, streamed: bool = False) -> dict[str, Any]:
        key = self._settings.llm_api_key
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if streamed:
            headers["Accept-Encoding"] = "identity"  # whoever compresses holds words back
        fields = {self._limit_field if name == _LIMIT_FIELD else name: value for name, value in body.items()}
        return {"url": f"{self._settings.llm_api_url}/chat/completions", "json": fields, "headers": headers}


async def _await_result(answer: StreamedResponse | NoResponse) -> HttpResponse | NoResponse | StreamedResponse:
    """The response; read to its end if it is no stream of events."""
    if isinstance(answer, NoResponse):
        return answer
    is_events = answer.headers.get("content-type", "").partition(";")[0].strip().lower() == _SSE
    return answer if is_events and 200 <= answer.status < 300 else await answer.read()
