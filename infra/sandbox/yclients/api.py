"""The API's routes: tokens, faults, journal, responses."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from infra.sandbox.connections import Dropped, has_left
from infra.sandbox.yclients.filters import Filter

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.yclients.state import Fault, Json, YClients

MAX_ROWS = 200

_AUTHORIZATION = re.compile(r"Bearer (\S+), User (\S+)")


class Api:
    """The endpoints of YClients."""

    def __init__(self, yclients: YClients) -> None:
        self._yclients = yclients

    def routes(self) -> list[Route]:
        """The endpoints, relative to its address."""
        return [
            Route("/records/{company_id:int}", self._records),
            Route("/record/{company_id:int}/{record_id:int}", self._record),
            Route("/{path:path}", _no_such_path, methods=["GET", "POST", "PUT", "DELETE"]),
        ]

    async def _records(self, request: Request) -> Response:
        query = dict(request.query_params)
        company_id = request.path_params["company_id"]
        row = self._yclients.record_call("records", company_id, query)
        if refusal := await self._refusal(request, company_id, row):
            return refusal
        try:
            page, count = int(query.get("page", "1")), min(int(query.get("count", "50")), MAX_ROWS)
            wanted = Filter.model_validate(query)
        except ValueError:
            return _with_status(row, _error("Произошла ошибка", 422))
        rows = self._yclients.rows(company_id, wanted)
        shown = rows[(page - 1) * count : page * count]
        return _with_status(row, _success(shown, {"page": page, "total_count": len(rows)}))

    async def _record(self, request: Request) -> Response:
        company_id, number = request.path_params["company_id"], request.path_params["record_id"]
        row = self._yclients.record_call("record", company_id, {"record_id": number})
        if refusal := await self._refusal(request, company_id, row):
            return refusal
        record = self._yclients.record(company_id, number)
        return _with_status(row, _success(record, []) if record else _error("Запись не найдена.", 404))

    async def _refusal(self, request: Request, company_id: int, row: Json) -> Response | None:
        tokens = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if tokens is None or "vnd.yclients.v2" not in request.headers.get("accept", ""):
            return _with_status(row, _error("Необходима авторизация", 401))
        if not self._yclients.admits(time.monotonic()):
            return _with_status(row, _error("Превышен лимит запросов", 429))
        if not self._yclients.knows(company_id, tokens[2]):
            return _with_status(row, _error("Нет прав на управление филиалом", 403))
        if await has_left(request, self._yclients.latency):
            return Response()
        fault = self._yclients.fault(company_id)
        return await _with_fault(fault, request, row) if fault else None


async def _with_fault(fault: Fault, request: Request, row: Json) -> Response:
    row["fault"] = fault.does
    if fault.does == "hang" and await has_left(request, fault.seconds):
        return Response()
    if fault.does in ("hang", "drop"):
        return Dropped()
    if fault.does == "status":
        return _with_status(row, _error("Произошла ошибка", fault.status))
    if fault.does == "garbage":
        return _with_status(row, HTMLResponse("<html><h1>It works!</h1></html>"))
    if fault.does == "said":
        return _with_status(row, _error("Произошла ошибка", 200))
    return _with_status(row, _success({"id": {"of": None}, "attendance": "soon", "services": 7}, []))


async def _no_such_path(_request: Request) -> Response:
    return _error("Не найдено: в этой песочнице есть только записи", 404)


def _with_status(row: Json, response: Response) -> Response:
    row["status"] = response.status_code
    return response


def _success(data: Any, meta: Any) -> Response:
    return JSONResponse({"success": True, "data": data, "meta": meta})


def _error(message: str, status: int) -> Response:
    return JSONResponse({"success": False, "data": None, "meta": {"message": message}}, status)
