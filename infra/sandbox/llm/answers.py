"""Answers over HTTP, and what the journal's row says of them."""

from __future__ import annotations

import json
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

Row = dict[str, Any]


def noted(row: Row, response: Response) -> Response:
    """The response, whose status the row has from now on."""
    row["status"] = response.status_code
    return response


def left(row: Row) -> Response:
    """What nobody reads: the caller is gone."""
    row["left"] = True
    return Response()


def in_json(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Escaped, because a fault's lone surrogate is no UTF-8."""
    limits = {"x-ratelimit-limit-requests": "10000", "x-ratelimit-remaining-requests": "9999"}
    told = {"x-request-id": f"req_{secrets.token_hex(16)}"} | (limits if status == HTTPStatus.OK else {})
    return Response(json.dumps(body), status, told | dict(headers or {}), "application/json")
