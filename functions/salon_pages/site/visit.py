"""A request of somebody who is signed in, and what pages do with it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from functions.salon_pages import viewer as viewers
from functions.salon_pages.session import audit, sessions
from functions.salon_pages.session.audit import Act
from functions.salon_pages.session.passwords import Passwords
from functions.salon_pages.session.sessions import Origin
from functions.salon_pages.session.telegram import TelegramLogin
from functions.salon_pages.session.tokens import Tokens
from functions.salon_pages.site import languages
from functions.salon_pages.site.templates import Templates
from functions.salon_pages.viewer import Viewer
from shared.config import Settings
from shared.database.pool import Connection, Database
from shared.delivery.poke import Poke
from shared.errors import HttpProblem
from shared.http import requests
from shared.i18n import dates
from shared.i18n.texts import Language
from shared.payload import timezones

MAX_FORM_BYTES, MAX_FIELDS = 16_000, 40
SECTIONS = (
    "today", "funnel", "services", "sessions", "bookings", "waiting", "alerts", "settings", "people", "audit",
)  # fmt: skip
MANAGERS_SECTIONS = ("settings", "people", "audit")  # staff see neither these nor money
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Salon:
    """A salon that the viewer may see, as they name it in the address."""

    id: UUID
    slug: str  # its id, where it has none that an address can carry
    name: str
    timezone: str


@dataclass(frozen=True)
class Surroundings:
    """What every page needs: settings, the database, templates, and where the function is mounted."""

    settings: Settings
    database: Database
    tokens: Tokens
    templates: Templates
    passwords: Passwords
    telegram: TelegramLogin
    poke: Poke
    base: str  # before each path: "" or "/salon_pages"


@dataclass(frozen=True)
class Visit:
    """One request of a signed-in person."""

    request: Request
    around: Surroundings
    viewer: Viewer
    session_hash: bytes

    @cached_property
    def language(self) -> Language:
        """What they chose, else what their browser asks for."""
        return self.viewer.language or languages.of_browser(self.request)

    @property
    def origin(self) -> Origin:
        """Where they come from, as sessions and audits keep it."""
        return sessions.origin(self.request, self.around.settings.trusted_proxies)

    @cached_property
    def days(self) -> dict[str, str]:
        """The days of the address, which sections, their rows and their forms keep."""
        asked = self.request.query_params
        return {name: value for name in ("from", "to") if DATE.fullmatch(value := asked.get(name, ""))}

    async def audit(self, connection: Connection, act: Act, tenant_id: UUID | None = None) -> None:
        """Record what the visitor did, in the transaction that does it; in their own salon unless said."""
        tenant = tenant_id or self.viewer.tenant_id
        await audit.audit(connection, self.viewer.user_id, tenant, self.origin, act)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A read-only transaction as the viewer (viewer.reading)."""
        async with viewers.reading(self.around.database, self.viewer) as connection:
            yield connection

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[Connection]:
        """A transaction that changes what the viewer may change (viewer.changing)."""
        async with viewers.changing(self.around.database, self.viewer) as connection:
            yield connection

    def link(self, path: str, **query: object) -> str:
        """The address of a page, with what of `query` has a value."""
        return _address(self.around.base, path, query)

    def go(self, path: str, **query: object) -> Response:
        """Let the browser ask for another page, by GET."""
        return RedirectResponse(self.link(path, **query), 303)

    def page(self, template: str, texts: Any, status: int = 200, **values: Any) -> Response:
        """The page: `template` with `values`; `t` in it are the module `texts`' in the visitor's language."""
        return self.around.templates.page(template, texts, self, status, **values)

    async def form(self) -> dict[str, str]:
        """The fields of the form that was sent. Raises HttpProblem."""
        return await read_form(self.request)


@dataclass(frozen=True)
class SalonVisit(Visit):
    """A visit to a page of one salon."""

    salon: Salon

    async def audit(self, connection: Connection, act: Act, tenant_id: UUID | None = None) -> None:
        """The same, in this salon."""
        await super().audit(connection, act, tenant_id or self.salon.id)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """The same, of this salon alone."""
        async with viewers.reading(self.around.database, self.viewer, self.salon.id) as connection:
            yield connection

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[Connection]:
        """The same, of this salon alone."""
        async with viewers.changing(self.around.database, self.viewer, self.salon.id) as connection:
            yield connection

    def go(self, path: str, **query: object) -> Response:
        """The same, for the same days."""
        return super().go(path, **self.days, **query)

    def local(self, moment: datetime | None) -> datetime | None:
        """A moment on the salon's clock, without a zone."""
        zone = timezones.zone(self.salon.timezone, timezones.OF_SALONS)
        return None if moment is None else moment.astimezone(zone).replace(tzinfo=None)

    def moment(self, moment: datetime) -> str:
        """The same in words."""
        return dates.moment(self.local(moment) or moment, self.language)

    def sections(self, texts: Any) -> list[tuple[str, str, str]]:
        """The sections that the viewer may open: key, address with the same days, and name."""
        return [(key, self.link(f"/{key}", **self.days), getattr(texts, key.upper())) for key in _sections(self.viewer)]

    def link(self, path: str, **query: object) -> str:
        """The address of a page of this salon; `//…`: of one that belongs to no salon."""
        inside = path[1:] if path.startswith("//") else f"/salons/{quote(self.salon.slug)}{path}"
        return _address(self.around.base, inside, query)


def _sections(viewer: Viewer) -> tuple[str, ...]:
    return SECTIONS if viewer.manages else tuple(key for key in SECTIONS if key not in MANAGERS_SECTIONS)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, each once, without spaces around. Raises HttpProblem 400, 408, 413, 415."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HttpProblem(415, "Unsupported Type", "Send the form from its page.")
    body = await requests.read_body(request, MAX_FORM_BYTES)
    try:
        fields = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        raise HttpProblem(400, "Bad Form", "Send the form from its page.") from None
    form = {name: value.strip() for name, value in fields}
    if any("\0" in value for value in form.values()):
        raise HttpProblem(400, "Bad Form", "Send the form from its page.")
    return form


def _address(base: str, path: str, query: dict[str, object]) -> str:
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{base}{path}?{urlencode(given)}" if given else f"{base}{path}"
