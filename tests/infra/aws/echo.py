"""A function that answers with the request that reached it. The tests name it in FUNCTION_TARGET."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_loops: list[asyncio.AbstractEventLoop] = []


async def echo(request: Request) -> Response:
    """What came, and in how many event loops the calls so far ran. Sets two cookies."""
    _loops.append(asyncio.get_running_loop())
    response = JSONResponse(
        {
            "method": request.method,
            "path": request.url.path,
            "query": request.scope["query_string"].decode("ascii"),
            "headers": dict(request.headers),
            "cookies": request.cookies,
            "body": (await request.body()).hex(),
            "calls": len(_loops),
            "loops": len(set(_loops)),
        }
    )
    response.set_cookie("first", "1")
    response.set_cookie("second", "2")
    return response
