"""Signing in by Telegram: there, and back with a code."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from functions.salon_pages import viewer as viewers
from functions.salon_pages.pages.link import safe_target, signed_in_by
from functions.salon_pages.reports.manage import salons
from functions.salon_pages.session import accounts, audit, sessions, slow_down, telegram
from functions.salon_pages.session.audit import Act
from functions.salon_pages.site import languages
from functions.salon_pages.site.visit import Surroundings
from functions.salon_pages.texts import sign_in as texts
from functions.salon_pages.viewer import Viewer
from shared.errors import HttpProblem, Unauthenticated
from shared.http.responses import retry_after
from shared.salon import sign_in_links


async def start(request: Request, around: Surroundings) -> Response:
    """To Telegram. Raises Unauthenticated: people cannot sign in so here."""
    if not around.telegram.is_on:
        raise Unauthenticated
    attempt = telegram.begin(safe_target(request.query_params.get("next", "")))
    response = RedirectResponse(around.telegram.address(attempt), 303, headers={"cache-control": "no-store"})
    telegram.give(response, attempt)
    return response


async def back(request: Request, around: Surroundings) -> Response:
    """Sign in whom Telegram vouches for. Raises Unauthenticated, HttpProblem 429 and 503."""
    if not around.telegram.is_on:
        raise Unauthenticated
    attempt, code = telegram.read(request), request.query_params.get("code", "")
    response = await _enter(request, around, attempt, code) if attempt and code else _failed(request, around)
    telegram.take(response)
    return response


async def _enter(request: Request, around: Surroundings, attempt: telegram.Attempt, code: str) -> Response:
    origin = sessions.origin(request, around.settings.trusted_proxies)
    async with around.database.transaction() as connection:
        seconds = await slow_down.attempt_from(connection, "telegram", origin)
    if seconds:
        raise HttpProblem(429, "Too Many Tries", "Wait a little.", headers=retry_after(seconds))
    telegram_id = await around.telegram.person(code, attempt)
    if telegram_id is None:
        return _failed(request, around)
    async with around.database.connection() as connection:
        people = [Viewer(**row) for row in await accounts.of_telegram(connection, telegram_id)]
    if not people:
        return _page(request, around, "telegram_unknown.html", 403)
    if len(people) > 1:
        return await _choose(request, around, people)
    [viewer] = people
    async with around.database.transaction() as connection:
        session = await sessions.begin(connection, viewer.user_id, "telegram", origin)
        act = Act("login", "signed in by Telegram", {"way": "telegram"})
        await audit.audit(connection, viewer.user_id, viewer.tenant_id, origin, act)
    return signed_in_by(around, session, safe_target(attempt.target))


async def _choose(request: Request, around: Surroundings, people: list[Viewer]) -> Response:
    """Whoever is known in several salons presses a button of one: each is a link that signs in once."""
    choices = []
    for viewer in people:
        async with viewers.reading(around.database, viewer) as connection:
            seen = await salons.list_all(connection)
        async with around.database.transaction() as connection:
            token = await sign_in_links.create(connection, viewer.user_id)
        choices.append((seen[0]["name"] if viewer.tenant_id and seen else "", token))
    return _page(request, around, "telegram_choice.html", choices=choices)


def _failed(request: Request, around: Surroundings) -> Response:
    return _page(request, around, "telegram_failed.html", 400)


def _page(request: Request, around: Surroundings, template: str, status: int = 200, **values: object) -> Response:
    language = languages.of_browser(request)
    return around.templates.render(template, texts, language, around.base, request, status, **values)
