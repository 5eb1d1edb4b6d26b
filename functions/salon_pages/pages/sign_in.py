"""Signing in by e-mail and password: the same answer, and as late, to whoever is wrong in whatever way."""

from starlette.requests import Request
from starlette.responses import Response

from functions.salon_pages.pages.link import safe_target, signed_in_by
from functions.salon_pages.session import accounts, audit, sessions, slow_down
from functions.salon_pages.session.audit import Act
from functions.salon_pages.session.passwords import MAX_LENGTH
from functions.salon_pages.session.sessions import Origin
from functions.salon_pages.site import languages
from functions.salon_pages.site.visit import Surroundings, read_form
from functions.salon_pages.texts import sign_in as texts
from shared.database.pool import Row
from shared.http.responses import retry_after

MAX_EMAIL = 254


async def ask(request: Request, around: Surroundings) -> Response:
    """The form, and how else to sign in."""
    return _page(request, around, target=safe_target(request.query_params.get("next", "")))


async def sign_in(request: Request, around: Surroundings) -> Response:
    """Check e-mail and password, and begin a session that is new."""
    form, origin = await read_form(request), sessions.origin(request, around.settings.trusted_proxies)
    email, target = form.get("email", "")[:MAX_EMAIL], safe_target(form.get("next", ""))
    async with around.database.transaction() as connection:
        seconds = await slow_down.attempt(connection, "sign-in", email, origin)
        user = None if seconds else await accounts.find(connection, email)
    if seconds:
        message = texts.WAIT.in_(languages.of_browser(request)).format(minutes=-(-seconds // 60))
        response = _page(request, around, 429, email=email, target=target, message=message)
        response.headers.update(retry_after(seconds))
        return response
    password = form.get("password", "")[:MAX_LENGTH]
    is_right, is_old = await around.passwords.check(user["encrypted_password"] if user else None, password)
    if user is None or not is_right:
        await _note_failure(around, user, origin)
        message = texts.WRONG.in_(languages.of_browser(request))
        return _page(request, around, 401, email=email, target=target, message=message)
    new_hash = await around.passwords.hash(password) if is_old else None
    async with around.database.transaction() as connection:
        await accounts.become(connection, user["id"])
        if new_hash:
            await accounts.set_password(connection, user["id"], new_hash)
        await slow_down.forget(connection, "sign-in", email)
        session = await sessions.begin(connection, user["id"], "password", origin)
        act = Act("login", "signed in by a password", {"way": "password"})
        await audit.audit(connection, user["id"], user["tenant_id"], origin, act)
    return signed_in_by(around, session, target)


async def _note_failure(around: Surroundings, user: Row | None, origin: Origin) -> None:
    async with around.database.transaction() as connection:
        await audit.audit_failed_sign_in(connection, user["id"] if user else None, origin)


def _page(request: Request, around: Surroundings, status: int = 200, **values: object) -> Response:
    shown = {
        "email": "", "target": "", "message": "", "done": request.query_params.get("done", ""),
        "by_telegram": around.telegram.is_on, **values,
    }  # fmt: skip
    language = languages.of_browser(request)
    return around.templates.render("sign_in.html", texts, language, around.base, request, status, **shown)
