"""`carillon deploy`: a new release in place of the one that serves, without a pause."""

from pathlib import Path
from typing import Annotated

import typer

from infra.admin.operating import deploy as deploying
from infra.cli.output import say
from infra.cli.server.serve import CONTROL

EXAMPLES = "Example: carillon deploy /srv/carillon/0.2.0 --link /srv/carillon/current"


def deploy(
    release: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the new release is installed.")],
    control: Annotated[Path, typer.Option(help="The --control of carillon serve.")] = CONTROL,
    link: Annotated[Path | None, typer.Option(help="A link to lead to the new release, once it serves.")] = None,
    migrate: Annotated[bool, typer.Option(help="Bring the schema up to the release first.")] = True,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="In which it has to be healthy.")] = (
        deploying.HEALTHY_SECONDS
    ),
) -> None:
    """Migrate, start the release beside the one that serves, and switch once all its functions say that they are well.

    A release that is not well is ended, and the old one serves on; the exit code is not 0 then. Requests are answered
    all the while: both take them from the same socket.
    """
    found = deploying.inspect(release)
    say(f"  {release} is release {found.version}, schema {found.schema}")
    if migrate:
        deploying.migrate(found)
        say("✓ the schema is up to date")
    for step in deploying.switch(found, control, seconds):
        say(f"✓ {step}")
    if link:
        deploying.point(link, release)
        say(f"✓ {link} leads to it")
