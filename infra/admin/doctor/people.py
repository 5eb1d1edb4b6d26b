"""Doctor: the people to whom bots write. Each check returns findings and changes nothing."""

from infra.admin.database import Connection
from infra.admin.doctor.finding import Finding
from infra.admin.formats import format_value
from infra.admin.people import starts

MAX_NAMES = 10


def people(connection: Connection) -> list[Finding]:
    """Who has never pressed Start; nothing while nobody is written to by id."""
    everybody = starts.people(connection, without_start=False)
    if not everybody:
        return []
    missing = [row for row in everybody if row["started"] is None]
    if not missing:
        return [Finding("ok", "people", f"all {len(everybody)} have opened their chat with the bot")]
    names = [str(row["name"] or row["telegram_id"]) for row in missing]
    named = ", ".join(names[:MAX_NAMES]) + (" …" if len(names) > MAX_NAMES else "")
    what = f"{len(missing)} of {len(everybody)} never pressed Start, so the bot cannot write to them: {named}"
    step = "ask them to open the bot and press Start; look: carillon people list --without-start"
    return [Finding("warning", "people", format_value(what), step)]
