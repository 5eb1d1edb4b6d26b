"""The control surface under `/_sandbox/yclients`: the records, the journal, the faults, the latency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from infra.sandbox import control
from infra.sandbox.yclients.api import Api
from infra.sandbox.yclients.state import Fault, YClients

if TYPE_CHECKING:
    from starlette.requests import Request


class _Latency(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(ge=0)


class _Record(BaseModel):
    model_config = ConfigDict(extra="allow")

    company_id: int
    id: int


def routes(yclients: YClients) -> list[BaseRoute]:
    """The API and what steers it."""
    steering = _Control(yclients)
    return [
        Mount("/yclients", routes=Api(yclients).routes()),
        Route("/_sandbox/yclients/records", steering.records, methods=["GET", "POST"]),
        Route("/_sandbox/yclients/journal", steering.journal),
        Route("/_sandbox/yclients/faults", steering.faults, methods=["GET", "POST", "DELETE"]),
        Route("/_sandbox/yclients/latency", steering.latency, methods=["POST"]),
    ]


class _Control:
    def __init__(self, yclients: YClients) -> None:
        self._yclients = yclients

    async def records(self, request: Request) -> Response:
        if request.method == "POST":
            record = await control.read(request, _Record)
            try:
                self._yclients.put(record.company_id, record.id, **(record.model_extra or {}))
            except ValidationError as error:
                raise control.invalid(error) from None
        return JSONResponse([record.model_dump(mode="json") for record in self._yclients.records.values()])

    async def journal(self, request: Request) -> Response:
        since = control.since(request)
        return control.rows(row for row in self._yclients.journal if row["n"] > since)

    async def faults(self, request: Request) -> Response:
        return await control.faults(request, self._yclients.faults, Fault)

    async def latency(self, request: Request) -> Response:
        self._yclients.latency = (await control.read(request, _Latency)).seconds
        return control.done()
