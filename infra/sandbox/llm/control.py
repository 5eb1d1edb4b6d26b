"""The control surface under `/_sandbox/model`: the journal, the faults, the latency of an answer and of its words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from infra.sandbox.llm.api import Api
from infra.sandbox.llm.state import Fault, Model

if TYPE_CHECKING:
    from starlette.requests import Request


class _Latency(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(0, ge=0)
    between: float = Field(0, ge=0)


def routes(model: Model) -> list[BaseRoute]:
    """The API and what steers it."""
    control = _Control(model)
    return [
        Mount("/model/v1", routes=Api(model).routes()),
        Route("/_sandbox/model/journal", control.journal),
        Route("/_sandbox/model/faults", control.faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/model/latency", control.latency, methods=["POST"]),
    ]


class _Control:
    def __init__(self, model: Model) -> None:
        self._model = model

    async def journal(self, request: Request) -> Response:
        since = request.query_params.get("since", "0")
        if not since.isdecimal():
            raise HTTPException(422, "since is a whole number")
        return Response(json.dumps(self._model.since(int(since))), media_type="application/json")

    async def faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._model.faults.clear()
        elif request.method == "POST":
            try:
                self._model.faults.append(Fault.model_validate_json(await request.body()))
            except ValidationError as error:
                raise HTTPException(422, f"not a fault: {error.error_count()} problems") from None
        return JSONResponse([fault.model_dump() for fault in self._model.faults])

    async def latency(self, request: Request) -> Response:
        try:
            wanted = _Latency.model_validate_json(await request.body())
        except ValidationError:
            raise HTTPException(422, "seconds and between are numbers from 0") from None
        self._model.latency, self._model.between = wanted.seconds, wanted.between
        return JSONResponse({"ok": True})
