"""What comes before everything else: consent, then who somebody is."""

from functions.telegram_webhook.courses import texts
from functions.telegram_webhook.courses.data import matches, people
from functions.telegram_webhook.courses.data.people import Person
from functions.telegram_webhook.courses.dialog.screen import Next
from functions.telegram_webhook.updates.events import PrivateMessage
from shared.credentials import secrets
from shared.database.pool import Connection


def first_unpassed(person: Person) -> str | None:
    """The screen that this person has to pass before any other; None: all are passed."""
    if person.due_consent:
        return "consent"
    return "join" if person.user_id is None else None


async def after_start(connection: Connection, person: Person, event: PrivateMessage) -> Next:
    """What follows from /start; the token of an invitation waits for the consent, as nothing is stored before."""
    if person.user_id is None and event.start_argument:
        if person.due_consent == "processing":
            return Next("consent", event.start_argument)
        return await invited(connection, person, event.start_argument, event.username)
    return Next("home")


async def invited(connection: Connection, person: Person, token: str, username: str = "") -> Next:
    """Let in whoever has a valid invitation."""
    if await people.match_invitation(connection, person, username, secrets.hash_secret(token)):
        await matches.withdraw(connection, person)
        return Next("home", notice=texts.RECOGNISED)
    return Next("join", notice=texts.INVITATION_INVALID)
