"""Forms are taken from our own pages alone.

SameSite=Lax keeps the session's cookie out of other sites' forms; this holds where a browser does not know it, and for
forms that need no session. A browser says by Sec-Fetch-Site whether a request comes from the same origin; an older one
says by Origin from which. No script can set either.
"""

from urllib.parse import urlsplit

from starlette.requests import Request

from shared.errors import HttpProblem

SAFE = ("GET", "HEAD")


def check(request: Request, pages_url: str) -> None:
    """Raises HttpProblem 403 when a request that changes something comes from elsewhere.

    `pages_url` is where the pages are; a proxy in front may have changed Host.
    """
    if request.method in SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site == "same-origin" if site is not None else _is_ours(origin, request, pages_url):
        return
    raise HttpProblem(403, "Forbidden", "Open the page anew and send the form from there.", reason="cross_origin")


def _is_ours(origin: str | None, request: Request, pages_url: str) -> bool:
    if not origin:
        return False
    hosts = {request.headers.get("host", ""), urlsplit(pages_url).netloc} - {""}
    try:
        return urlsplit(origin).netloc in hosts
    except ValueError:
        return False
