"""People: who may sign in to the salon's pages, as what, and until when."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from functions.salon_pages.display import asked
from functions.salon_pages.display.table import Column, Row, Table
from functions.salon_pages.pages.numbers import parts
from functions.salon_pages.reports.manage import people
from functions.salon_pages.session import sessions
from functions.salon_pages.session.audit import Act
from functions.salon_pages.site.templates import texts_in
from functions.salon_pages.site.visit import SalonVisit
from functions.salon_pages.texts.manage import people as texts
from functions.salon_pages.texts.numbers import periods
from shared.database import sql
from shared.database.pool import Connection, UniqueViolation
from shared.database.pool import Row as Found
from shared.errors import HttpProblem, Unauthenticated
from shared.i18n.texts import Text
from shared.salon import sign_in_links

MAX_NAME, MAX_EMAIL = 80, 254
ROLES = ("admin", "staff")

_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@.]+")
_SQL = sql.load(__file__)


async def page(visit: SalonVisit) -> Response:
    """The people, and a form to invite one."""
    return await _page(visit)


async def file(connection: Connection, visit: SalonVisit) -> Table:
    """The people in a file. Raises Unauthenticated: the viewer does not manage the salon."""
    if not visit.viewer.manages:
        raise Unauthenticated
    return _table(visit, await people.listed(connection, visit.salon.id))


async def invite(visit: SalonVisit) -> Response:
    """Let somebody in; their link is shown to the visitor, who gives it to them."""
    form = await visit.form()
    name, email, role = form.get("name", ""), form.get("email", "").lower(), form.get("role", "")
    problem = _problem(name, email, role)
    if problem:
        return await _page(visit, form=form, problem=problem, status=422)
    try:
        async with visit.changing() as connection:
            values = {"name": name, "email": email or None, "role": role, "tenant": visit.salon.id}
            user = await sql.fetch_one(connection, _SQL["invite"], values)
            await visit.audit(connection, _act("invite_user", "was invited", user))
            link = await _link(connection, visit, user)
    except UniqueViolation:
        return await _page(visit, form=form, problem=texts.EMAIL_TAKEN, status=422)
    return await _page(visit, link=link)


async def renew(visit: SalonVisit, number: str) -> Response:
    """Another link for somebody who has none that works."""
    async with visit.changing() as connection:
        user = await _find(connection, visit, number)
        if not user["active"]:
            raise Unauthenticated
        await visit.audit(connection, _act("invite_user", "got a link to sign in", user))
        link = await _link(connection, visit, user)
    return await _page(visit, link=link)


async def change_role(visit: SalonVisit, number: str) -> Response:
    """Make somebody an admin or staff; they sign in again. Nobody changes their own role."""
    role = (await visit.form()).get("role", "")
    if role not in ROLES:
        raise HttpProblem(400, "Bad Role", "Choose a role from the list.")
    async with visit.changing() as connection:
        user = await _find(connection, visit, number, but_oneself=True)
        if user["role"] != role:
            await connection.execute(_SQL["set_role"], {"id": user["id"], "role": role})
            await sessions.end_all(connection, user["id"])
            changed = {"role": {"from": user["role"], "to": role}, "user": user["id"]}
            await visit.audit(connection, Act("change_role", f"user {user['id']}: {role}", changed))
    return visit.go("/people")


async def switch(visit: SalonVisit, number: str) -> Response:
    """Switch somebody off, who is out at once, or on again. Nobody switches themselves off."""
    active = (await visit.form()).get("active") == "1"
    async with visit.changing() as connection:
        user = await _find(connection, visit, number, but_oneself=True)
        if user["active"] != active:
            await connection.execute(_SQL["set_active"], {"id": user["id"], "active": active})
            await sessions.end_all(connection, user["id"])
            changed = {"active": {"from": user["active"], "to": active}, "user": user["id"]}
            await visit.audit(connection, Act("switch_user", f"user {user['id']}: {active}", changed))
    return visit.go("/people")


async def _find(connection: Connection, visit: SalonVisit, number: str, *, but_oneself: bool = False) -> Found:
    """A user of this salon, locked. Raises Unauthenticated."""
    values = {"id": asked.row_number(number), "tenant": visit.salon.id}
    user = await sql.fetch_optional(connection, _SQL["find"], values)
    if user is None or (but_oneself and user["id"] == visit.viewer.user_id):
        raise Unauthenticated
    return user


async def _link(connection: Connection, visit: SalonVisit, user: Found) -> dict[str, str]:
    """A new link, with whose it is: for a browser, and for Telegram where the salon's bot has a username."""
    token = await sign_in_links.create(connection, user["id"])
    bot = await sql.fetch_optional(connection, _SQL["bot"], {"tenant": visit.salon.id})
    pages_url = visit.around.settings.salon_pages_url or str(visit.request.base_url).rstrip("/") + visit.around.base
    return {
        "name": user["name"],
        "web": sign_in_links.address(pages_url, token),
        "telegram": sign_in_links.telegram_address(bot["username"] if bot else None, token),
    }


async def _page(
    visit: SalonVisit, *, form: Mapping[str, str] | None = None, problem: Text | None = None,
    link: Mapping[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    async with visit.reading() as connection:
        rows = await people.listed(connection, visit.salon.id)
    return visit.page(
        "people.html", texts, status, section="people", p=texts_in(periods, visit.language), table=_table(visit, rows),
        users={str(row["id"]): row for row in rows}, form=form or {}, link=link, minutes=sign_in_links.MINUTES,
        problem=problem.in_(visit.language) if problem else "", file_of=lambda table: parts.file(visit, table),
    )  # fmt: skip


def _problem(name: str, email: str, role: str) -> Text | None:
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        return texts.NAME_WANTED
    if email and not (_EMAIL.fullmatch(email) and len(email) <= MAX_EMAIL and email.isprintable()):
        return texts.EMAIL_WRONG
    return None if role in ROLES else texts.ROLE_WANTED


def _act(action: str, what: str, user: Mapping[str, Any]) -> Act:
    return Act(action, f"user {user['id']} {what}", {"user": user["id"], "role": user["role"]})


def _table(visit: SalonVisit, rows: Sequence[Found]) -> Table:
    columns = [
        Column(texts.NAME), Column(texts.EMAIL), Column(texts.ROLE), Column(texts.TELEGRAM), Column(texts.ACCESS),
        Column(texts.SINCE, "moment"),
    ]  # fmt: skip
    return Table("people", texts.WHO, columns, [Row(_cells(visit, row), key=str(row["id"])) for row in rows])


def _cells(visit: SalonVisit, row: Found) -> list[object]:
    language = visit.language
    return [
        row["name"] or row["email"] or f"№ {row['id']}", row["email"], texts.ROLES[row["role"]].in_(language),
        (texts.YES if row["in_telegram"] else texts.NO).in_(language),
        (texts.ON if row["active"] else texts.OFF).in_(language), visit.local(row["created_at"]),
    ]  # fmt: skip
