"""What the bot may send by itself: reminders, kind by kind, and mailings, which have a consent of their own."""

from collections.abc import Collection
from dataclasses import dataclass
from html import escape

from functions.telegram_webhook.courses import notification_texts, texts
from functions.telegram_webhook.courses.data import consents
from functions.telegram_webhook.courses.data.consents import ConsentText
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog import buttons
from functions.telegram_webhook.courses.dialog.buttons import Button, Pressed, Rows
from functions.telegram_webhook.courses.dialog.screen import Next, Stale, View
from shared.database import sql
from shared.database.pool import Connection
from shared.i18n.texts import Language

AUDIENCE, PARENT = "member", "home"

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Data:
    """What is on; `opt_outs`: kinds of reminders that are not wanted; `mailings_text` None: the school sends none."""

    has_reminders: bool
    opt_outs: Collection[str]
    has_mailings: bool
    mailings_text: ConsentText | None


async def read(connection: Connection, person: Person, _at: str) -> Data:
    """All settings as they are now."""
    mailings_text = await consents.current_text(connection, "mailings")
    parameters = {
        "user_id": person.user_id,
        "telegram_id": person.telegram_id,
        "version": mailings_text.version if mailings_text else None,
    }
    row = await sql.fetch_one(connection, _SQL["settings"], parameters)
    return Data(row["has_reminders"], row["opt_outs"], row["has_mailings"], mailings_text)


def view(data: Data, language: Language) -> View:
    """What is on and off; whoever has no mailings reads what they would agree to."""
    lines = [f"<b>{texts.NOTIFICATIONS.in_(language)}</b>", "", texts.REMINDERS[data.has_reminders].in_(language)]
    switch = buttons.data("notifications", "reminders", int(not data.has_reminders))
    rows: list[tuple[Button, ...]] = [(Button(texts.SWITCH_REMINDERS[data.has_reminders].in_(language), switch),)]
    if data.has_reminders:
        rows += _kinds(data.opt_outs, language)
    if data.mailings_text:
        lines.append(texts.MAILINGS[data.has_mailings].in_(language))
        if not data.has_mailings:
            lines += ["", f"<i>{escape(data.mailings_text.text.in_(language))}</i>"]
        switch = buttons.data("notifications", "mailings", int(not data.has_mailings), data.mailings_text.version)
        rows.append((Button(texts.SWITCH_MAILINGS[data.has_mailings].in_(language), switch),))
    return View("\n".join(lines), (*rows, buttons.back(language)))


def _kinds(opt_outs: Collection[str], language: Language) -> Rows:
    """A row for each kind: whether it is on, and a press switches it."""
    rows: list[tuple[Button, ...]] = []
    for kind, name in notification_texts.KINDS.items():
        is_on = kind not in opt_outs
        switch = buttons.data("notifications", "kind", kind, int(not is_on))
        rows.append((Button(f"{notification_texts.MARK[is_on]} {name.in_(language)}", switch),))
    return tuple(rows)


async def press(connection: Connection, person: Person, pressed: Pressed, _at: str) -> Next:
    """Switch to what the button says, whatever it is now."""
    subject, _, wanted = pressed.argument.rpartition(".")
    if pressed.action == "reminders" and pressed.argument in ("0", "1"):
        parameters = {"user_id": person.user_id, "notify": pressed.argument == "1"}
        await connection.execute(_SQL["switch_reminders"], parameters)
        return Next("notifications", notice=texts.SAVED)
    if pressed.action == "kind" and subject in notification_texts.KINDS and wanted in ("0", "1"):
        statement = _SQL["opt_in" if wanted == "1" else "opt_out"]
        await connection.execute(statement, {"user_id": person.user_id, "kind": subject})
        return Next("notifications", notice=texts.SAVED)
    text = await consents.current_text(connection, "mailings")
    is_given, _, version = pressed.argument.partition(".")
    if pressed.action != "mailings" or is_given not in ("0", "1") or not text or version != str(text.version):
        raise Stale
    await consents.note(connection, person, text, is_given=is_given == "1")
    return Next("notifications", notice=texts.SAVED)
