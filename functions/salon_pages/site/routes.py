"""Every page there is."""

from collections.abc import Awaitable, Callable
from typing import Concatenate

from starlette.requests import Request
from starlette.responses import Response

from functions.salon_pages.pages import home, link
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
    ]
)
OWN: Table[Own] = Table(
    [
        Page("GET", "/", home.first),
        Page("GET", "/salons", home.salons),
        Page("POST", "/sign-out", home.sign_out),
    ]
)
OF_SALONS: Table[OfSalon] = Table(
    [
        Page("GET", "/salons/{salon}", home.salon),
    ]
)
