"""Where somebody comes who is signed in: their salon, or the list of those that they look after."""

from starlette.responses import RedirectResponse, Response

from functions.salon_pages.session import sessions
from functions.salon_pages.session.audit import Act
from functions.salon_pages.site import salons as known
from functions.salon_pages.site.visit import SECTIONS, SalonVisit, Visit
from functions.salon_pages.texts import common

FIRST_PAGE = "/today"


async def first(visit: Visit) -> Response:
    """To the salon's first page; whoever looks after several chooses one."""
    found = await known.all_of(visit)
    if len(found) == 1:
        return visit.go(f"/salons/{found[0].slug}")
    return visit.go("/salons")


async def salons(visit: Visit) -> Response:
    """The salons that somebody sees; who comes from a section of one opens the same section, for the same days."""
    section = visit.request.query_params.get("section", "")
    path = f"/{section}" if section in SECTIONS else ""
    return visit.page("salons.html", common, salons=await known.all_of(visit), path=path)


async def salon(visit: SalonVisit) -> Response:
    """A salon's address without a page: its first one."""
    return visit.go(FIRST_PAGE)


async def sign_out(visit: Visit) -> Response:
    """End this session."""
    async with visit.changing() as connection:
        await sessions.end(connection, visit.session_hash)
        await visit.audit(connection, Act("logout", "signed out", {}))
    response = RedirectResponse(visit.link("/sign-in"), 303)
    sessions.take(response)
    return response
