"""The control surface under `/_sandbox/model`: the journal, the faults, the latency of an answer and of its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field
from starlette.routing import BaseRoute, Mount, Route

from infra.sandbox import control
from infra.sandbox.llm.api import Api
from infra.sandbox.llm.state import Fault, Model

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


class _Latency(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(0, ge=0)
    between: float = Field(0, ge=0)


def routes(model: Model) -> list[BaseRoute]:
    """The API and what steers it."""
    steering = _Control(model)
    return [
        Mount("/model/v1", routes=Api(model).routes()),
        Route("/_sandbox/model/journal", steering.journal),
        Route("/_sandbox/model/faults", steering.faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/model/latency", steering.latency, methods=["POST"]),
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
