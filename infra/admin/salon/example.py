"""An invented salon to rehearse with, as its own bot would have written it."""

from infra.admin.database import Connection, fetch, fetch_one
from infra.admin.errors import AdminError
from shared.database import sql

SLUG = "aurora"
TOKEN = "7000000003:AAnExampleTokenOf35LettersAndDigits"  # noqa: S105 - no bot has it
CHAT = "-1001900000003"

_SQL = sql.load(__file__)


def add(connection: Connection) -> bool:
    """Add the salon; whether it is new. Raises AdminError where the tables are those of a salon's bot."""
    with connection.transaction():
        if not fetch_one(connection, _SQL["is_ours"])["ours"]:
            raise AdminError(
                "the salons' own bot keeps its tables here, and nobody else writes them",
                "look who is there: carillon salon tenants",
            )
        connection.execute("alter table public.tenants_v2 no force row level security")  # only the bot may write there
        added = fetch(connection, _SQL["add"], slug=SLUG, token=TOKEN, chat=CHAT)
        connection.execute("alter table public.tenants_v2 force row level security")
    return bool(added)
