"""Who may call the sandbox: programs on this machine, and its own page; never a page of somebody else.

A browser sends any site's requests to 127.0.0.1, and a name that a stranger owns can lead there (DNS rebinding). So
each route wants a Host that is this machine's, and no Origin but its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HOST = re.compile(rb"(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?")


class OwnPageOnly:
    """Refuses calls from elsewhere; `hosts` are further names of this machine."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        self._app = app
        self._hosts = _LOOPBACK | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, or answer 403."""
        if scope["type"] == "http" and not self._is_from_here(scope):
            reason = "the sandbox answers programs on this machine and its own page only"
            await JSONResponse({"error": reason}, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_from_here(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return False
        return all(origin == b"http://" + hosts[0] for origin in origins) and _is_same_site(scope)

    def _is_ours(self, host: bytes) -> bool:
        found = _HOST.fullmatch(host)
        return found is not None and found.group(1).decode().lower() in self._hosts


def _is_same_site(scope: Scope) -> bool:
    """Whether a browser says that its own page asks, or the person who typed the address."""
    sites = [value for name, value in scope["headers"] if name == b"sec-fetch-site"]
    return all(site in (b"same-origin", b"none") for site in sites)
