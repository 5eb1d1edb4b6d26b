"""From a request to a page: our own forms only, who is signed in, which salon, which page."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from functions.salon_pages.session import same_origin, sessions
from functions.salon_pages.session.passwords import Passwords
from functions.salon_pages.session.telegram import TelegramLogin
from functions.salon_pages.session.tokens import Tokens
from functions.salon_pages.site import files, languages, routes, salons
from functions.salon_pages.site.templates import Templates, compressed
from functions.salon_pages.site.visit import SalonVisit, Surroundings, Visit
from functions.salon_pages.texts import common
from shared.config import Settings
from shared.database.pool import Database
from shared.delivery.poke import Poke
from shared.errors import HttpProblem, Unauthenticated
from shared.http import requests
from shared.http.responses import ProblemResponse

NAME = "salon_pages"


class Site:
    """The pages, on one database."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Templates are compiled when they are needed."""
        self._settings = settings
        self._database = database
        self._tokens = Tokens(database)
        self._templates = Templates()
        self._passwords = Passwords()
        self._telegram = TelegramLogin(settings)
        self._poke = Poke(settings.poke, settings.cron_secret)

    async def answer(self, request: Request) -> Response:
        """The page. Raises HttpProblem, Unauthenticated (no such page, or not for them), DatabaseUnavailable."""
        path = requests.path(request, NAME)
        if "\0" in path or "%00" in requests.query(request):
            raise HttpProblem(400, "Bad Address", "Open the page from its link.")
        around = self._around(request)
        if path.startswith("/static/"):
            requests.require_method(request, "GET", "HEAD")
            return compressed(request, files.respond(path.removeprefix("/static/")))
        same_origin.check(request, self._settings.salon_pages_url)
        if found := routes.PUBLIC.find(path, request):
            return await found.endpoint(request, around, *found.values)
        return await self._answer_viewer(request, around, path)

    async def close(self) -> None:
        """Close what is kept open between requests."""
        await self._passwords.close()
        await self._telegram.close()
        await self._database.close()

    def _around(self, request: Request) -> Surroundings:
        return Surroundings(
            self._settings, self._database, self._tokens, self._templates, self._passwords, self._telegram, self._poke,
            base_of(request),
        )  # fmt: skip

    async def _answer_viewer(self, request: Request, around: Surroundings, path: str) -> Response:
        signed_in = await sessions.find(self._database, self._tokens, request)
        if signed_in is None:
            return to_sign_in(request, around, path)
        viewer, session_hash = signed_in
        visit = Visit(request, around, viewer, session_hash)
        if found := routes.OWN.find(path, request):
            return await found.endpoint(visit, *found.values)
        return await _answer_in_salon(visit, path)

    def as_page(self, request: Request, response: Response) -> Response:
        """A problem, which programs would read, as a page that people read."""
        if not isinstance(response, ProblemResponse):
            return response
        status, language = response.status_code, languages.of_browser(request)
        title, text = common.PROBLEMS.get(status, common.PROBLEMS[500])
        text = common.REASONS.get(response.problem.reason, text)
        page = self._templates.render(
            "problem.html", common, language, base_of(request), request, status,
            title=title.in_(language), text=text.in_(language),
            number=response.headers.get("x-correlation-id", "") if status >= 500 else "",
        )  # fmt: skip
        page.headers.update(
            {name: response.headers[name] for name in ("allow", "retry-after") if name in response.headers}
        )
        return page


async def _answer_in_salon(visit: Visit, path: str) -> Response:
    found = routes.OF_SALONS.find(path, visit.request)
    if found is None or (found.is_managers and not visit.viewer.manages):
        raise Unauthenticated
    slug, *values = found.values
    salon = await salons.find(visit, slug)
    if salon is None:
        raise Unauthenticated
    return await found.endpoint(
        SalonVisit(visit.request, visit.around, visit.viewer, visit.session_hash, salon), *values
    )


def base_of(request: Request) -> str:
    """What stands before our own paths: where the function is mounted, or its name."""
    full: str = request.scope["path"]
    return full.removesuffix(requests.path(request, NAME))


def to_sign_in(request: Request, around: Surroundings, path: str) -> Response:
    """Whoever is not signed in signs in and comes back here; a form that was sent is lost."""
    if request.method not in same_origin.SAFE:
        raise HttpProblem(401, "Unauthenticated", "Sign in again.")
    asked = path + (f"?{requests.query(request)}" if request.scope["query_string"] else "")
    target = "" if path in ("", "/") else "?" + urlencode({"next": asked})
    return RedirectResponse(f"{around.base}/sign-in{target}", 303)
