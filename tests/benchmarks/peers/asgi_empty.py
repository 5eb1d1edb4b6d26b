"""An empty ASGI target: what functions-framework itself costs."""

from starlette.requests import Request


async def asgi_empty(_request: Request) -> str:
    """Answer."""
    return "ok"
