"""A function that answers with the request that reached it, and prints it. The tests name it in FUNCTION_TARGET."""

import asyncio
import json
import sys

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_loops: list[asyncio.AbstractEventLoop] = []


async def echo(request: Request) -> Response:
    """What came, and in how many event loops the calls so far ran. Sets two cookies. Bot 13 is told to call again."""
    _loops.append(asyncio.get_running_loop())
    request_seen = {
        "method": request.method,
        "path": request.url.path,
        "query": request.scope["query_string"].decode("ascii"),
        "headers": dict(request.headers),
        "cookies": request.cookies,
        "body": (await request.body()).hex(),
        "calls": len(_loops),
        "loops": len(set(_loops)),
    }
    sys.stdout.write(f"ECHO {json.dumps(request_seen)}\n")
    response = JSONResponse(request_seen, 503 if request.url.query == "bot=13" else 200)
    response.set_cookie("first", "1")
    response.set_cookie("second", "2")
    return response
