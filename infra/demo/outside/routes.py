"""What the page asks for in the place of those who call from outside."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.demo.outside import getcourse, salon
from infra.demo.stack import Stack
from infra.sandbox import control


class Outside:
    """The routes under `/_sandbox/stack` of GetCourse's and YClients' calls."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def routes(self) -> list[Route]:
        """The routes themselves."""
        return [
            Route("/getcourse", self._getcourse, methods=["POST"]),
            Route("/yclients", self._yclients, methods=["GET", "POST"]),
        ]

    async def _getcourse(self, request: Request) -> Response:
        given = await control.read(request, getcourse.Answer)
        if given.form not in getcourse.FORMS:
            raise HTTPException(422, f"form: one of {', '.join(getcourse.FORMS)}")
        return JSONResponse(await getcourse.deliver(self._stack, given))

    async def _yclients(self, request: Request) -> Response:
        """The salon's bookings; POST changes one first."""
        if request.method == "POST":
            change = await control.read(request, salon.Change)
            if change.does != "book" and salon.find(self._stack, change) is None:
                raise HTTPException(404, "YClients has no such record")
            await salon.apply(self._stack, change)
            self._stack.sandbox.changes.notify()
        return JSONResponse(await asyncio.to_thread(salon.bookings, self._stack))
