"""`forget` of the courses, the support desk, the school and the salons: a person wants everything deleted."""

from typing import Annotated

import typer

from infra.admin.forgetting import courses as of_courses
from infra.admin.forgetting import people as of_school
from infra.admin.forgetting import salon as of_salons
from infra.admin.forgetting import support as of_desks
from infra.cli.forgetting.confirm import Address, Yes, forget_after_asking
from infra.cli.support.desks import DeskOption

COURSES_EXAMPLES = "Examples: carillon courses forget @anna, carillon courses forget 512000001 --yes"
SUPPORT_EXAMPLES = "Examples: carillon support forget +77010000001, carillon support forget 123456@lid --client Ромашка"
PEOPLE_EXAMPLES = "Examples: carillon people forget anna@example.com, carillon people forget 512000001 --yes"
SALON_EXAMPLES = "Examples: carillon salon forget +77010000001, carillon salon forget 700000101 --tenant aurora"


def courses(address: Address, yes: Yes = False) -> None:
    """Delete a person with attendance, homework and all that names them. Asks first.

    ADDRESS is a Telegram id, @username, nickname, phone, e-mail, or id:17. Two things stay: payments, which the school
    has to account for, without a name; and what they agreed to and when it ended, as proof.
    """
    forget_after_asking(lambda connection: of_courses.forget(connection, address), yes=yes)


def support(address: Address, client: DeskOption = "", yes: Yes = False) -> None:
    """Delete a customer with all messages, requests and addresses, of one desk or of all. Asks first.

    ADDRESS is a phone, a hidden number (…@lid) or the id that Meta shows; whatever else leads to the person goes, too.
    """
    forget_after_asking(lambda connection: of_desks.forget(connection, address, client), yes=yes)


def people(address: Address, yes: Yes = False) -> None:
    """Delete a student or mentor with answers, notifications, mapping and all versions. Asks first.

    ADDRESS is an e-mail, a GetCourse id or a Telegram id. Take the person out of your CSV files, too.
    """
    forget_after_asking(lambda connection: of_school.forget(connection, address), yes=yes)


def salon(
    address: Address,
    tenant: Annotated[str, typer.Option(metavar="TENANT", help="Of this salon alone: its slug or id.")] = "",
    yes: Yes = False,
) -> None:
    """Delete a salon's client from the copies of dialogs and the bookings. Asks first.

    ADDRESS is a phone, a Telegram or YClients id, or the client's id at the bot. Delete them in the bot's own tables
    first, from which what is new is copied.
    """
    forget_after_asking(lambda connection: of_salons.forget(connection, address, tenant), yes=yes)
