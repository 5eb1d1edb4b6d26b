"""Faults on demand: what a network, a proxy or Telegram itself may do to a call."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from infra.sandbox.telegram.journal import Attempt


class RawAnswer(BaseModel):
    """A response that is not the Bot API's, as a proxy's page."""

    status: int = 200
    content_type: str = "text/html"
    body: str = ""


class Fault(BaseModel):
    """Which calls it matches, how often (`times`, -1: always), and what it does to them.

    `deliver` is whether the message exists afterwards. By default an error response means that it does not,
    and a lost or late response that it does.
    """

    model_config = ConfigDict(extra="forbid")

    method: str | None = None
    chat_id: int | None = None
    bot: int | None = None
    times: int = 1
    deliver: bool | None = None

    status: int | None = Field(None, ge=400, le=599)
    description: str | None = None
    parameters: dict[str, Any] | None = None
    headers: dict[str, str] | None = None
    raw: RawAnswer | None = None
    delay_s: float | None = Field(None, ge=0)
    drip: float | None = Field(None, gt=0, description="seconds between two bytes")
    hang: bool = False
    reset: bool = False
    kill_pid_header: bool = False

    @model_validator(mode="after")
    def _check_action(self) -> Self:
        done = [self.status, self.raw, self.drip, self.hang, self.reset, self.kill_pid_header]
        chosen = sum(bool(action) for action in done)
        # Only a delay goes together with another answer: a refusal may be late, too.
        if chosen > 1 or (chosen == 0 and self.delay_s is None):
            message = "choose one of status, raw, delay_s, drip, hang, reset, kill_pid_header"
            raise ValueError(message)
        if self.deliver is False and (self.drip or chosen == 0):
            message = "an answer that is only slow belongs to a delivered message"
            raise ValueError(message)
        return self

    @property
    def silent(self) -> bool:
        """Whether the caller gets no answer at all."""
        return self.hang or self.reset or self.kill_pid_header

    @property
    def delivers(self) -> bool:
        """Whether the message counts as delivered."""
        return self.deliver if self.deliver is not None else not (self.status or self.raw)

    def matches(self, attempt: Attempt) -> bool:
        """Whether the fault applies to this call."""
        return (
            (self.method is None or self.method.lower() == attempt.method.lower())
            and (self.chat_id is None or self.chat_id == attempt.chat_id)
            and (self.bot is None or self.bot == attempt.bot)
            and not (self.kill_pid_header and attempt.pid is None)
        )

    def answer(self) -> tuple[int, bytes, dict[str, str]] | None:
        """Status, body and headers that replace the real ones; None when they stay."""
        if self.raw:
            content = {"Content-Type": self.raw.content_type}
            return self.raw.status, self.raw.body.encode(), content | (self.headers or {})
        if self.status is None:
            return None
        body: dict[str, Any] = {"ok": False, "error_code": self.status}
        body["description"] = self.description or self._default_description(self.status)
        if self.parameters is not None:
            body["parameters"] = self.parameters
        return self.status, json.dumps(body, ensure_ascii=False).encode(), self._headers()

    def _pause(self) -> object:
        return (self.parameters or {}).get("retry_after")

    def _default_description(self, status: int) -> str:
        if status == HTTPStatus.TOO_MANY_REQUESTS and self._pause() is not None:
            return f"Too Many Requests: retry after {self._pause()}"
        return HTTPStatus(status).phrase

    def _headers(self) -> dict[str, str]:
        """The given headers, else Retry-After as the body has it."""
        if self.headers is not None:
            return self.headers
        return {} if self._pause() is None else {"Retry-After": str(self._pause())}


class Faults:
    """The armed faults; the oldest that matches a call applies."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self._late_answers: set[asyncio.Future[None]] = set()

    def add(self, **fault: object) -> None:
        """Arm a fault; takes the fields of `Fault`."""
        self.waiting.append(Fault.model_validate(fault))

    async def wait(self, seconds: float) -> None:
        """Let an answer be late, unless `release` is called before that."""
        released = asyncio.get_running_loop().create_future()
        self._late_answers.add(released)
        await asyncio.wait({released}, timeout=seconds)
        self._late_answers.discard(released)

    def release(self) -> None:
        """The answers that are late come now."""
        for released in self._late_answers:
            if not released.done():
                released.set_result(None)

    def take(self, attempt: Attempt) -> Fault | None:
        """The fault that applies to this call, its `times` one less; None when there is none."""
        for fault in self.waiting:
            if fault.matches(attempt):
                if fault.times > 0:
                    fault.times -= 1
                if fault.times == 0:
                    self.waiting.remove(fault)
                return fault
        return None
