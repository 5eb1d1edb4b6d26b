"""`carillon courses consent-texts`: what people agree to."""

from pathlib import Path
from typing import Annotated

import typer

from infra.admin.courses import consent_texts as admin
from infra.admin.courses.consent_texts import Purpose
from infra.admin.database import connect
from infra.admin.errors import AdminError
from infra.admin.operating import files
from infra.cli.output import AsJson, print_json, print_table, say

EXAMPLES = (
    "Examples: carillon courses consent-texts,"
    " carillon courses consent-texts --add processing --ru consent.ru.txt --en consent.en.txt"
)
File = Annotated[Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="The text, UTF-8.")]


def consent_texts(
    purpose: Annotated[Purpose | None, typer.Option("--add", help="Add a version of this one.")] = None,
    ru: File = None,
    en: File = None,
    as_json: AsJson = False,
) -> None:
    """Show the texts of both consents with their versions, and add one: everybody is asked again."""
    if (purpose is None) != (ru is None) or (ru is None) != (en is None):
        raise typer.BadParameter("a new version needs all of --add PURPOSE, --ru FILE and --en FILE")
    with connect() as connection:
        if purpose and ru and en:
            version = admin.add(connection, purpose, _text(ru), _text(en))
            say(f"✓ version {version} of {purpose} counts from now on")
            return
        rows = admin.list_all(connection)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("purpose", "version", "created_at", "in_force", "text_ru"), "there are no texts yet")


def _text(file: Path) -> str:
    try:
        return files.read(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AdminError(f"{file.name} is not UTF-8", "save it again as UTF-8") from None
