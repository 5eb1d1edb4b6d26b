"""`carillon salon connect`: a salon's own bot sends our digests and alerts."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from infra.admin.database import Connection, connect
from infra.admin.errors import AdminError
from infra.admin.salon import connect as salon_connect
from infra.cli.output import complain, say
from infra.cli.salon import settings as s
from shared import config

EXAMPLES = (
    "Examples: carillon salon connect aurora, carillon salon connect --all, "
    "carillon salon connect aurora --chat -1001234567890 --timezone Asia/Oral --digest-hour 8"
)


def connect_tenant(  # noqa: PLR0913 - each is an option
    tenant: Annotated[str, typer.Argument(metavar="[TENANT]", help="The salon's slug or id.")] = "",
    everybody: Annotated[
        bool, typer.Option("--all", help="All active salons without a bot, or with an unsealed token.")
    ] = False,
    chat_id: s.Chat = None,
    timezone: s.Timezone = None,
    digest_hour: s.DigestHour = None,
    language: s.Language = None,
    low_conversion: s.LowConversion = None,
    high_drop_off: s.HighDropOff = None,
    error_spike: s.ErrorSpike = None,
    stale_hours: s.StaleHours = None,
    minimum_sample: s.MinimumSample = None,
    quiet_from: s.QuietFrom = None,
    quiet_until: s.QuietUntil = None,
) -> None:
    """Take a salon's bot, chat and YClients token from what its bot knows, seal the tokens, begin to send digests."""
    given = {name: value for name, value in locals().items() if name in s.OPTIONS and value is not None}
    if bool(tenant) == everybody or (everybody and chat_id is not None):
        raise typer.BadParameter("give one TENANT, or --all and no --chat: each salon has a chat of its own")
    with connect() as connection:
        if not everybody:
            _connect(connection, tenant, given)
            return
        tenants = salon_connect.unconnected(connection)
        results = [_is_connected(connection, tenant_id, given) for tenant_id in tenants]
        for tenant_id in salon_connect.unsealed(connection):
            name = salon_connect.seal_token(connection, tenant_id, config.load(names=("secrets_key",)).secrets_key)
            say(f"✓ {name}: its YClients token is sealed")
    say(f"{results.count(True)} of {len(results)} salons that waited are connected")
    if not all(results):
        raise typer.Exit(1)


def _is_connected(connection: Connection, tenant: str, given: Mapping[str, Any]) -> bool:
    """Connect a salon, and complain when that fails: a broken salon delays no other."""
    try:
        _connect(connection, tenant, given)
    except AdminError as error:
        complain(error.cause, error.next_step)
        return False
    return True


def _connect(connection: Connection, tenant: str, given: Mapping[str, Any]) -> None:
    salon = salon_connect.connect_tenant(connection, tenant, given, config.load(names=("secrets_key",)).secrets_key)
    say(f"✓ {salon.name} is connected: bot {salon.bot} writes to chat {salon.chat}")
    say(f"  its tokens are sealed here now; once its bot has them elsewhere, let its owner run: {salon.left_in_clear}")
