"""A password that nobody remembers: a link to a new one, by the channel in which its person is known."""

import asyncio
import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from functions.salon_pages.pages.sign_in import MAX_EMAIL
from functions.salon_pages.session import accounts, audit, sessions, slow_down
from functions.salon_pages.session.audit import Act
from functions.salon_pages.session.passwords import is_weak
from functions.salon_pages.site import languages
from functions.salon_pages.site.visit import Surroundings, read_form
from functions.salon_pages.texts import sign_in as texts
from shared import logs
from shared.database.pool import Connection, Row
from shared.delivery.enqueue import Message, enqueue
from shared.delivery.kinds import SALON_SIGN_IN
from shared.i18n.texts import DEFAULT_LANGUAGE, Text

MIN_SECONDS = 0.3  # of every answer: those who are known cost more, and nobody shall see it


async def ask(request: Request, around: Surroundings) -> Response:
    """The form for an e-mail."""
    return _page(request, around, "forgot.html")


async def send(request: Request, around: Surroundings) -> Response:
    """Send the link, if there is such a user who is known in Telegram; the answer is the same for all."""
    started = time.monotonic()
    form, origin = await read_form(request), sessions.origin(request, around.settings.trusted_proxies)
    email, bot_id = form.get("email", "")[:MAX_EMAIL], None
    async with around.database.transaction() as connection:
        if not await slow_down.attempt(connection, "reset", email, origin) and around.settings.salon_pages_url:
            bot_id = await _send(connection, around, email)
    if bot_id is not None:
        await around.poke(bot_id)
    await asyncio.sleep(max(0.0, started + MIN_SECONDS - time.monotonic()))
    return _page(request, around, "forgot_sent.html")


async def form(request: Request, around: Surroundings, token: str) -> Response:
    """The form for a new password."""
    user = await _user(around, token)
    if user is None:
        return _page(request, around, "reset_over.html", 404)
    return _page(request, around, "reset.html", token=token, message="")


async def _user(around: Surroundings, token: str) -> Row | None:
    """Whose reset it is; None: it was used, is over or never was."""
    if not await around.tokens.may_exist(token):
        return None
    async with around.database.connection() as connection:
        return await accounts.of_reset(connection, token)


async def reset(request: Request, around: Surroundings, token: str) -> Response:
    """Set the new password and end all sessions of its person."""
    fields = await read_form(request)
    user = await _user(around, token)
    if user is None:
        return _page(request, around, "reset_over.html", 404)
    message = problem_of(fields, user["email"])
    if message:
        shown = message.in_(languages.of_browser(request))
        return _page(request, around, "reset.html", 422, token=token, message=shown)
    new_hash = await around.passwords.hash(fields["password"])
    origin = sessions.origin(request, around.settings.trusted_proxies)
    async with around.database.transaction() as connection:
        await accounts.become(connection, user["id"])
        if not await accounts.reset(connection, user["id"], token, new_hash):
            return _page(request, around, "reset_over.html", 404)
        await sessions.end_all(connection, user["id"])
        act = Act("reset_password", "set a new password by a link", {})
        await audit.audit(connection, user["id"], user["tenant_id"], origin, act)
    return RedirectResponse(f"{around.base}/sign-in?done=password", 303)


def problem_of(fields: dict[str, str], email: str) -> Text | None:
    """What is wrong with a new password; None: nothing."""
    password = fields.get("password", "")
    if is_weak(password, email):
        return texts.WEAK
    return None if password == fields.get("again", "") else texts.NOT_THE_SAME


async def _send(connection: Connection, around: Surroundings, email: str) -> int | None:
    """Enqueue the link; the bot that sends it, if any does."""
    user = await accounts.find(connection, email)
    if user is None:
        return None
    await accounts.become(connection, user["id"])
    chat = await accounts.chat_of(connection, user["id"])
    if chat is None:
        logs.info("reset_not_sent", reason="the user is in no chat with a salon's bot")
        return None
    token = await accounts.ask_reset(connection, user["id"])
    text = texts.RESET_MESSAGE.in_(chat["language"] or DEFAULT_LANGUAGE)
    link = f"{around.settings.salon_pages_url}/reset/{token}"
    payload = {"text": text.format(link=link), "link_preview_options": {"is_disabled": True}}
    number = logs.correlation_id.get()
    key = f"salon/reset/{user['id']}/{number}"
    message = Message(chat["bot_id"], SALON_SIGN_IN, key, payload, number, chat["chat_id"])
    await enqueue(connection, [message])
    return int(chat["bot_id"])


def _page(request: Request, around: Surroundings, template: str, status: int = 200, **values: object) -> Response:
    language = languages.of_browser(request)
    return around.templates.render(template, texts, language, around.base, request, status, **values)
