"""An empty Lambda: what Lambda's Python, mangum and starlette cost themselves."""

from mangum import Mangum
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer."""
    await PlainTextResponse("ok")(scope, receive, send)


handle = Mangum(app, lifespan="off")
