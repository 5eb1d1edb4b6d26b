"""The way to one service, as an operator's probe goes it: the same proxy and certificates as the functions'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.admin.errors import AdminError
from shared import config
from shared.clients.http import ssl_context

if TYPE_CHECKING:
    import httpx


def client(service: str, seconds: float) -> httpx.Client:
    """A client for `service` ("telegram", …). Raises ConfigError."""
    import httpx  # noqa: PLC0415 - a tenth of each command's start, and few commands call anybody

    settings = config.load(names=(f"{service}_proxy", "ca_file"))
    proxy = getattr(settings, f"{service}_proxy") or None
    verify = ssl_context(settings.ca_file)
    return httpx.Client(timeout=seconds, follow_redirects=False, trust_env=False, proxy=proxy, verify=verify)


def broken(who: str, service: str, error: Exception, seconds: float) -> AdminError:
    """What to say of `error` on the way to `who`: which leg broke, and what to do."""
    import httpx  # noqa: PLC0415

    address, proxy = f"{service.upper()}_API_URL", f"{service.upper()}_PROXY"
    if getattr(config.load(names=(f"{service}_proxy",)), f"{service}_proxy"):
        cause = f"{who} cannot be reached through {proxy} ({type(error).__name__})"
        return AdminError(cause, "see that the proxy runs and takes its user and password, or leave it out")
    if isinstance(error, httpx.TimeoutException):
        cause = f"{who} cannot be reached: no answer within {seconds:g} s"
        return AdminError(cause, f"where this network does not let through to it, set {proxy}; else check {address}")
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        cause = f"{who} cannot be reached: nobody known vouches for its certificate"
        return AdminError(
            cause, f"if a proxy of your own looks into TLS, name its certificate: CA_FILE; else check {address}"
        )
    cause = f"{who} cannot be reached ({type(error).__name__})"
    return AdminError(cause, f"check the network and {address}; where the way is closed, set {proxy}")
