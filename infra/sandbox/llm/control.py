"""The control surface under `/_sandbox/model`: the journal, the faults, the latency, answers by hand, a real model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from infra.sandbox import control
from infra.sandbox.llm.answering.real import RealModel
from infra.sandbox.llm.api import Api
from infra.sandbox.llm.state import Fault, Model

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


class _Latency(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(0, ge=0)
    between: float = Field(0, ge=0)


class _ByHand(BaseModel):
    model_config = ConfigDict(extra="forbid")

    on: bool


class _Real(BaseModel):
    """Where a real model is. Its key is kept in memory alone, and never shown."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    address: str
    key: str
    model: str = ""

    @field_validator("address")
    @classmethod
    def _is_address(cls, given: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", given):
            raise ValueError("it looks like https://api.example.com/v1, without a key in it")
        return given.rstrip("/")

    @field_validator("key")
    @classmethod
    def _is_key(cls, given: str) -> str:
        if not re.fullmatch(r"[\x21-\x7e]+", given):
            raise ValueError("it has no spaces, and no letters but Latin ones")
        return given


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str


def routes(model: Model) -> list[BaseRoute]:
    """The API and what steers it."""
    steering = _Control(model)
    return [
        Mount("/model/v1", routes=Api(model).routes()),
        Route("/_sandbox/model/journal", steering.journal),
        Route("/_sandbox/model/faults", steering.faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/model/latency", steering.latency, methods=["POST"]),
        Route("/_sandbox/model/by_hand", steering.by_hand, methods=["GET", "POST"]),
        Route("/_sandbox/model/real", steering.real, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/model/answers/{number:int}", steering.answer, methods=["POST"]),
    ]


class _Control:
    def __init__(self, model: Model) -> None:
        self._model = model

    async def journal(self, request: Request) -> Response:
        return control.rows(self._model.since(control.since(request)))

    async def faults(self, request: Request) -> Response:
        return await control.faults(request, self._model.faults, Fault)

    async def latency(self, request: Request) -> Response:
        wanted = await control.read(request, _Latency)
        self._model.latency, self._model.between = wanted.seconds, wanted.between
        return control.done()

    async def by_hand(self, request: Request) -> Response:
        if request.method == "POST":
            self._model.set_by_hand((await control.read(request, _ByHand)).on)
        return JSONResponse({"on": self._model.is_by_hand})

    async def real(self, request: Request) -> Response:
        if request.method == "POST":
            given = await control.read(request, _Real)
            self._model.real = RealModel(given.address, given.key, given.model.strip())
        elif request.method == "DELETE":
            self._model.real = None
        real = self._model.real
        return JSONResponse({"address": real.address, "model": real.model} if real else {})

    async def answer(self, request: Request) -> Response:
        given = await control.read(request, _Answer)
        if not self._model.answer(request.path_params["number"], given.text):
            raise HTTPException(404, "nobody waits for this answer any more")
        return control.done()
