"""One's own sign-in: where one is signed in, one's password, one's language."""

from starlette.responses import Response

from functions.salon_pages.display import agents
from functions.salon_pages.pages.reset import problem_of
from functions.salon_pages.session import accounts, sessions
from functions.salon_pages.session.audit import Act
from functions.salon_pages.site import salons
from functions.salon_pages.site.visit import Visit
from functions.salon_pages.texts import me as texts
from shared.errors import HttpProblem
from shared.i18n import dates
from shared.i18n.texts import Text
from shared.payload import timezones


async def page(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def choose_language(visit: Visit) -> Response:
    """Show the pages in another language from now on."""
    language = (await visit.form()).get("language", "")
    if language not in {"ru", "en"}:
        raise HttpProblem(400, "Bad Language", "Choose a language from the list.")
    async with visit.changing() as connection:
        await accounts.set_language(connection, visit.viewer.user_id, language)
    return visit.go("/me")


async def set_password(visit: Visit) -> Response:
    """Keep a new password; all other sessions end."""
    form = await visit.form()
    async with visit.around.database.connection() as connection:
        account = await accounts.own(connection, visit.viewer.user_id)
    if not account["email"]:
        raise HttpProblem(400, "No E-Mail", "Without an e-mail there is no password.")
    problem = problem_of(form, account["email"])
    if problem is None and account["encrypted_password"]:
        is_right, _ = await visit.around.passwords.check(account["encrypted_password"], form.get("current", ""))
        problem = None if is_right else texts.WRONG_CURRENT
    if problem:
        return await _page(visit, problem=problem, status=422)
    new_hash = await visit.around.passwords.hash(form["password"])
    async with visit.changing() as connection:
        await accounts.set_password(connection, visit.viewer.user_id, new_hash)
        await sessions.end_all(connection, visit.viewer.user_id, but=visit.session_hash)
        await visit.audit(connection, Act("set_password", "set a new password", {}))
    return visit.go("/me", saved=1)


async def end(visit: Visit, key: str) -> Response:
    """End one of one's own sessions."""
    async with visit.changing() as connection:
        if await sessions.end_own(connection, visit.viewer.user_id, key):
            await visit.audit(connection, Act("end_sessions", "ended a session", {}))
    return visit.go("/me")


async def end_others(visit: Visit) -> Response:
    """End all sessions but this one."""
    async with visit.changing() as connection:
        await sessions.end_all(connection, visit.viewer.user_id, but=visit.session_hash)
        await visit.audit(connection, Act("end_sessions", "ended all other sessions", {}))
    return visit.go("/me")


async def _page(visit: Visit, *, problem: Text | None = None, status: int = 200) -> Response:
    async with visit.around.database.connection() as connection:
        account = await accounts.own(connection, visit.viewer.user_id)
        opened = await sessions.of_user(connection, visit.viewer.user_id)
    known = await salons.all_of(visit)
    zone = timezones.zone(known[0].timezone if len(known) == 1 else "UTC", "UTC")
    shown = [
        {
            **row,
            "seen": dates.moment(row["seen_at"].astimezone(zone), visit.language),
            "device": agents.describe(row["user_agent"]),
            "is_this": row["id_hash"] == visit.session_hash,
            "way": texts.WAYS[row["way"]].in_(visit.language),
        }
        for row in opened
    ]
    return visit.page(
        "me.html", texts, status, sessions=shown, account=account, has_password=bool(account["encrypted_password"]),
        problem=problem.in_(visit.language) if problem else "", zone=zone.key,
        is_saved=visit.request.query_params.get("saved") == "1",
    )  # fmt: skip
