"""What the control surfaces of all stand-ins share: reading what is asked, the list of faults, the journal's rows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableSequence

    from starlette.requests import Request

Model = TypeVar("Model", bound=BaseModel)


async def read(request: Request, model: type[Model]) -> Model:
    """The body. Raises HTTPException 422 that names the fields that are wrong."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise invalid(error) from None


def invalid(error: ValidationError) -> HTTPException:
    """The answer to a body that is not what it should be."""
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    words = (f"{'.'.join(map(str, field['loc']))}: {field['msg'].removeprefix('Value error, ')}" for field in errors)
    return HTTPException(422, "; ".join(words))


def since(request: Request) -> int:
    """The number of the last row that the caller has seen. Raises HTTPException 422."""
    number = request.query_params.get("since", "0")
    if not number.isdecimal():
        raise HTTPException(422, "since is a whole number")
    return int(number)


def rows(journal: Iterable[dict[str, Any]]) -> Response:
    """The journal's rows, with the letters as they were sent, half characters included."""
    return Response(json.dumps(list(journal)), media_type="application/json")


async def faults(request: Request, waiting: MutableSequence[Model], fault: type[Model], **dumped: Any) -> Response:
    """GET lists the faults that wait for calls, POST adds one, DELETE clears them. Raises HTTPException 422."""
    if request.method == "DELETE":
        waiting.clear()
    elif request.method == "POST":
        waiting.append(await read(request, fault))
    return JSONResponse([armed.model_dump(**dumped) for armed in waiting])


def done() -> Response:
    """It is so now."""
    return JSONResponse({"ok": True})
