"""Signing in by a link: a page with a button, for whoever opens it first may be a preview."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from functions.salon_pages.session import audit, links, sessions
from functions.salon_pages.session.audit import Act
from functions.salon_pages.site import languages
from functions.salon_pages.site.visit import Surroundings
from functions.salon_pages.texts import sign_in as texts


async def ask(request: Request, around: Surroundings, token: str) -> Response:
    """The page with the button."""
    usable = await around.tokens.may_exist(token) and await links.is_usable(around.database, token)
    template, status = ("enter.html", 200) if usable else ("link_over.html", 404)
    return _page(request, around, template, status, token=token)


async def enter(request: Request, around: Surroundings, token: str) -> Response:
    """Use the link up and sign its person in, in a session that is new."""
    if not await around.tokens.may_exist(token):
        return _page(request, around, "link_over.html", 404)
    origin = sessions.origin(request, around.settings.trusted_proxies)
    async with around.database.transaction() as connection:
        user = await links.use(connection, token)
        if user is None:
            return _page(request, around, "link_over.html", 404)
        session = await sessions.begin(connection, user["id"], "link", origin)
        act = Act("login", "signed in by a link", {"way": "link"})
        await audit.audit(connection, user["id"], user["tenant_id"], origin, act)
    return signed_in_by(around, session)


def signed_in_by(around: Surroundings, session: str, target: str = "") -> Response:
    """Give the cookie, and go where it is seen whether it comes back; from there to `target`, a path of ours."""
    query = f"?{urlencode({'next': target})}" if target else ""
    response = RedirectResponse(f"{around.base}/signed-in{query}", 303)
    sessions.give(response, session)
    return response


async def signed_in(request: Request, around: Surroundings) -> Response:
    """On to the pages, if the cookie came back; else a page that says why not, and no loop."""
    if await sessions.find(around.database, around.tokens, request) is None:
        return _page(request, around, "no_cookie.html", 400)
    return RedirectResponse(around.base + (safe_target(request.query_params.get("next", "")) or "/"), 303)


def safe_target(target: str) -> str:
    """Where to go after signing in: a path of ours, else nothing."""
    is_path = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if is_path and target.isprintable() and len(target) <= 500 else ""


def _page(request: Request, around: Surroundings, template: str, status: int = 200, **values: object) -> Response:
    language = languages.of_browser(request)
    return around.templates.render(template, texts, language, around.base, request, status, **values)
