"""Messages that a gateway had taken and that did not arrive after all, as it says later by a webhook."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from shared.database import sql
from shared.database.pool import Connection

_SQL = sql.load(__file__)


@dataclass(frozen=True)
class Failure:
    """What a gateway says of one message: the id that it gave to it, and the class of what went wrong."""

    bot_id: int
    external_id: str
    error_class: str


async def apply(connection: Connection, failures: Sequence[Failure]) -> int:
    """End the messages that count as sent under these ids: they are dead; how many.

    An id that is unknown, or of an attempt before a redrive, and a message that is dead already change nothing.
    """
    return (await connection.execute(_SQL["apply"], {"failures": to_json(failures)})).rowcount if failures else 0


def to_json(failures: Sequence[Failure]) -> str:
    """`failures` as one parameter of a statement."""
    return json.dumps([asdict(failure) for failure in failures])
