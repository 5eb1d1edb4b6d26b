"""Every page there is."""

from collections.abc import Awaitable, Callable
from typing import Concatenate

from starlette.requests import Request
from starlette.responses import Response

from functions.salon_pages.pages import home, link, me, reset, sign_in, telegram
from functions.salon_pages.pages.manage import alerts, audits, people, settings
from functions.salon_pages.pages.numbers import bookings, download, funnel, services, sessions, today, waiting
from functions.salon_pages.site.routing import Page, Table
from functions.salon_pages.site.visit import SalonVisit, Surroundings, Visit

# A page for everybody, for whoever is signed in, and of one salon; the values in its path come last.
# Raises HttpProblem, Unauthenticated, DatabaseUnavailable.
Public = Callable[Concatenate[Request, Surroundings, ...], Awaitable[Response]]
Own = Callable[Concatenate[Visit, ...], Awaitable[Response]]
OfSalon = Callable[Concatenate[SalonVisit, ...], Awaitable[Response]]

PUBLIC: Table[Public] = Table(
    [
        Page("GET", "/enter/{token}", link.ask),
        Page("POST", "/enter/{token}", link.enter),
        Page("GET", "/signed-in", link.signed_in),
        Page("GET", "/sign-in", sign_in.ask),
        Page("POST", "/sign-in", sign_in.sign_in),
        Page("GET", "/telegram/start", telegram.start),
        Page("GET", "/telegram/back", telegram.back),
        Page("GET", "/forgot", reset.ask),
        Page("POST", "/forgot", reset.send),
        Page("GET", "/reset/{token}", reset.form),
        Page("POST", "/reset/{token}", reset.reset),
    ]
)
OWN: Table[Own] = Table(
    [
        Page("GET", "/", home.first),
        Page("GET", "/salons", home.salons),
        Page("POST", "/sign-out", home.sign_out),
        Page("GET", "/me", me.page),
        Page("POST", "/me/language", me.choose_language),
        Page("POST", "/me/password", me.set_password),
        Page("POST", "/me/sessions/{session}/end", me.end),
        Page("POST", "/me/sessions/end", me.end_others),
    ]
)
OF_SALONS: Table[OfSalon] = Table(
    [
        Page("GET", "/salons/{salon}", home.salon),
        Page("GET", "/salons/{salon}/today", today.page),
        Page("GET", "/salons/{salon}/funnel", funnel.page),
        Page("GET", "/salons/{salon}/services", services.page),
        Page("GET", "/salons/{salon}/sessions", sessions.page),
        Page("GET", "/salons/{salon}/sessions/{session}", sessions.one),
        Page("GET", "/salons/{salon}/bookings", bookings.page),
        Page("GET", "/salons/{salon}/waiting", waiting.page),
        Page("POST", "/salons/{salon}/waiting/{wish}/done", waiting.mark),
        Page("POST", "/salons/{salon}/waiting/{wish}/undo", waiting.unmark),
        Page("GET", "/salons/{salon}/files/{file}", download.download),
        Page("GET", "/salons/{salon}/alerts", alerts.page),
        Page("POST", "/salons/{salon}/alerts/{alert}/accept", alerts.accept),
        Page("GET", "/salons/{salon}/settings", settings.page, is_managers=True),
        Page("POST", "/salons/{salon}/settings", settings.change, is_managers=True),
        Page("GET", "/salons/{salon}/people", people.page, is_managers=True),
        Page("POST", "/salons/{salon}/people", people.invite, is_managers=True),
        Page("POST", "/salons/{salon}/people/{user}/link", people.renew, is_managers=True),
        Page("POST", "/salons/{salon}/people/{user}/role", people.change_role, is_managers=True),
        Page("POST", "/salons/{salon}/people/{user}/active", people.switch, is_managers=True),
        Page("GET", "/salons/{salon}/audit", audits.page, is_managers=True),
    ]
)
