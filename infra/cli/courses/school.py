"""`carillon courses init`, `settings` and `cohorts`."""

from typing import Annotated, Any, Literal

import typer
from psycopg.rows import DictRow

from infra.admin.courses import school
from infra.admin.database import connect
from infra.cli.options import times
from infra.cli.output import AsJson, print_fields, print_json, print_table, say

INIT_EXAMPLES = "Example: carillon courses init --name 'Школа' --bot school --timezone Europe/Moscow"
SETTINGS_EXAMPLES = (
    "Examples: carillon courses settings, carillon courses settings --bot school,"
    " carillon courses settings --timezone Asia/Yekaterinburg --quiet-from 22:00 --quiet-to 09:00"
)
COHORTS_EXAMPLES = "Example: carillon courses cohorts"


def _time_of_day(text: str | None) -> str | None:
    found = None if text is None else times.time_of_day(text)
    return text if found is None else f"{found:%H:%M}"


Bot = Annotated[str | None, typer.Option(metavar="NAME", help="Its bot: one of system courses.")]
Timezone = Annotated[str | None, typer.Option(callback=times.timezone_if_given, help="Its zone, like Europe/Moscow.")]
Language = Annotated[Literal["ru", "en"] | None, typer.Option(help="The language of its bot.")]
Hour = Annotated[str | None, typer.Option(metavar="HH:MM", callback=_time_of_day, help="Of reminders, in its zone.")]


def init(
    name: Annotated[str, typer.Option(help="What the school is called.")],
    bot: Bot = None,
    timezone: Timezone = None,
    language: Language = None,
) -> None:
    """Begin: a database has one school. Again, it changes what is given."""
    given = {"name": name, "timezone": timezone, "language": language}
    with connect() as connection:
        found = school.init(connection, _given(given), bot=bot)
    say(f"✓ {found['name']} is there")
    if found["bot"] is None:
        say("  it has no bot yet: carillon bots add NAME --system courses, then carillon courses settings --bot NAME")


def settings(  # noqa: PLR0913 - each is an option
    name: Annotated[str | None, typer.Option(help="What the school is called.")] = None,
    bot: Bot = None,
    timezone: Timezone = None,
    language: Language = None,
    quiet_from: Hour = None,
    quiet_to: Hour = None,
    as_json: AsJson = False,
) -> None:
    """Show the school's settings, and change those that are given. Reminders wait while it is quiet."""
    given = _given({key: value for key, value in locals().items() if key in school.COLUMNS})
    with connect() as connection:
        is_change = bool(given) or bot is not None
        found = school.change(connection, given, bot=bot) if is_change else school.read(connection)
    _show(found, as_json=as_json)
    if is_change and not as_json:
        say("✓ the school has these settings")


def cohorts(as_json: AsJson = False) -> None:
    """Show the cohorts: how many take part, and how many sessions are theirs alone."""
    with connect() as connection:
        rows = school.cohorts(connection)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("id", "name", "participants", "own_sessions"), "there are no cohorts yet")


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _show(found: DictRow, *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        print_fields(found, 10)
