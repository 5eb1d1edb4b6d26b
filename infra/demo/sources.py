"""The webhook sources of the examples."""

from datetime import timedelta

from infra.admin import sources
from infra.admin.database import Connection
from infra.admin.errors import AdminError
from infra.admin.sources import NewSource

KEEP_OLD_FOR = timedelta(days=1)


def let_in(connection: Connection, source: NewSource, secret: str) -> bool:
    """Add `source` with `secret`, or give it the secret when it is there; whether it is new."""
    try:
        sources.add(connection, source, secret)
    except AdminError:  # it is there; perhaps with the secret of a .carillon/ that was deleted
        sources.rotate(connection, source.provider, source.name, secret, KEEP_OLD_FOR)
        return False
    return True
