"""The control surface under `/_sandbox/yclients`: the records, the journal, the faults, the latency."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from infra.sandbox.yclients.api import Api
from infra.sandbox.yclients.state import Fault, YClients

if TYPE_CHECKING:
    from starlette.requests import Request


class _Latency(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(ge=0)


class _Which(BaseModel):
    model_config = ConfigDict(extra="allow")

    company_id: int
    id: int


def routes(yclients: YClients) -> list[BaseRoute]:
    """The API and what steers it."""
    control = _Control(yclients)
    return [
        Mount("/yclients", routes=Api(yclients).routes()),
        Route("/_sandbox/yclients/records", control.records, methods=["GET", "POST"]),
        Route("/_sandbox/yclients/journal", control.journal),
        Route("/_sandbox/yclients/faults", control.faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/yclients/latency", control.latency, methods=["POST"]),
    ]


class _Control:
    def __init__(self, yclients: YClients) -> None:
        self._yclients = yclients

    async def records(self, request: Request) -> Response:
        if request.method == "POST":
            try:
                which = _Which.model_validate_json(await request.body())
                self._yclients.put(which.company_id, which.id, **(which.model_extra or {}))
            except ValidationError as error:
                raise HTTPException(422, f"not a record: {error.error_count()} problems") from None
        return JSONResponse([one.model_dump(mode="json") for one in self._yclients.records.values()])

    async def journal(self, request: Request) -> Response:
        since = request.query_params.get("since", "0")
        if not since.isdecimal():
            raise HTTPException(422, "since is a whole number")
        rows = [row for row in self._yclients.journal if row["n"] > int(since)]
        return Response(json.dumps(rows), media_type="application/json")

    async def faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._yclients.faults.clear()
        elif request.method == "POST":
            try:
                self._yclients.faults.append(Fault.model_validate_json(await request.body()))
            except ValidationError as error:
                raise HTTPException(422, f"not a fault: {error.error_count()} problems") from None
        return JSONResponse([fault.model_dump() for fault in self._yclients.faults])

    async def latency(self, request: Request) -> Response:
        try:
            self._yclients.latency = _Latency.model_validate_json(await request.body()).seconds
        except ValidationError:
            raise HTTPException(422, "seconds is a number from 0") from None
        return JSONResponse({"ok": True})
