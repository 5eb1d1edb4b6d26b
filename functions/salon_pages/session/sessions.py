"""Sessions are rows: found by the cookie's hash, ended one by one or all, over after hours unused and after a week."""

from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from functions.salon_pages.session.tokens import Tokens
from functions.salon_pages.viewer import Viewer
from shared.database import sql
from shared.database.pool import Connection, Database, Row
from shared.salon.sign_in_links import hash_of, new_token

COOKIE = "__Host-carillon"  # browsers take it over https alone (or from this machine), for this host and all its paths
IDLE_HOURS, MAX_DAYS = 12, 7

Way = Literal["link", "password", "telegram"]

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Origin:
    """Where a request comes from, as sessions and audits keep it."""

    address: str
    agent: str


def origin(request: Request, trusted_proxies: int) -> Origin:
    """Where `request` comes from: what the last of our own proxies was called from, else who is connected."""
    agent = request.headers.get("user-agent", "")[:300]
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if 0 < trusted_proxies <= len(forwarded):
        return Origin(forwarded[-trusted_proxies][:64], agent)
    return Origin(request.client.host if request.client else "", agent)


async def find(database: Database, tokens: Tokens, request: Request) -> tuple[Viewer, bytes] | None:
    """Who is signed in, and their session's hash; None: nobody. Raises DatabaseUnavailable."""
    token = request.cookies.get(COOKIE, "")
    if not await tokens.may_exist(token):
        return None
    id_hash = hash_of(token)
    async with database.connection() as connection:
        row = await sql.fetch_optional(connection, _SQL["find"], {"id_hash": id_hash, "idle_hours": IDLE_HOURS})
    return (Viewer(**row), id_hash) if row else None


async def begin(connection: Connection, user_id: int, way: Way, origin: Origin) -> str:
    """A new session of `user_id`; the value of its cookie."""
    token, id_hash = new_token()
    values = {
        "id_hash": id_hash, "user_id": user_id, "way": way, "days": MAX_DAYS, "ip_address": origin.address,
        "user_agent": origin.agent,
    }  # fmt: skip
    await connection.execute(_SQL["begin"], values)
    return token


async def end(connection: Connection, id_hash: bytes) -> None:
    """End one session."""
    await connection.execute(_SQL["end"], {"id_hash": id_hash})


async def end_all(connection: Connection, user_id: int, but: bytes = b"") -> None:
    """End all sessions of a user, but one."""
    await connection.execute(_SQL["end_all"], {"user_id": user_id, "but": but, "idle_hours": IDLE_HOURS})


def give(response: Response, token: str) -> None:
    """Let the browser keep `token`."""
    response.set_cookie(COOKIE, token, max_age=MAX_DAYS * 86400, path="/", secure=True, httponly=True, samesite="lax")


def take(response: Response) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


async def of_user(connection: Connection, user_id: int) -> list[Row]:
    """The sessions of a user that are not over, the one used last first; `key` names one of them in addresses."""
    values = {"user_id": user_id, "idle_hours": IDLE_HOURS}
    return await sql.fetch_all(connection, _SQL["of_user"], values)


async def end_own(connection: Connection, user_id: int, key: str) -> bool:
    """End the session of a user that has this key; whether there was one."""
    values = {"user_id": user_id, "key": key, "idle_hours": IDLE_HOURS}
    return (await connection.execute(_SQL["end_own"], values)).rowcount == 1
