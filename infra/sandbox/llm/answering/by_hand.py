"""Answers that somebody types at the page, while the caller waits."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from infra.sandbox.connections import unless_left

if TYPE_CHECKING:
    from starlette.requests import Request

    from infra.sandbox.llm.completion import Reply
    from infra.sandbox.llm.state import Model


async def written(model: Model, request: Request, proposed: Reply, row: dict[str, Any]) -> Reply | None:
    """What somebody types in place of `proposed`, which nothing stands for; None when the caller leaves before.

    The journal's row has what is proposed for as long as nobody has answered.
    """
    if not model.is_by_hand or proposed.function:
        return proposed
    number = proposed.number
    waiting: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    model.waiting[number] = waiting
    row["proposed"] = proposed.text
    model.changed()
    try:
        text = await unless_left(request, waiting)
    finally:
        del model.waiting[number], row["proposed"]
        model.changed()
    return None if text is None else replace(proposed, text=text or proposed.text)
