"""One poison row never costs its neighbours: what failed together is tried alone, and given up alone."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from shared.errors import DatabaseUnavailable

Row = TypeVar("Row")


async def isolate_failures(
    rows: Iterable[Row],
    settle: Callable[[Row], Awaitable[Counter[str]]],
    give_up: Callable[[Row, Exception], Awaitable[Counter[str]]],
) -> Counter[str]:
    """`settle` each row in a transaction of its own; `give_up` says what counts of one that fails. Their sum.

    Raises DatabaseAway: that is no row's fault.
    """
    done: Counter[str] = Counter()
    for row in rows:
        try:
            done += await settle(row)
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others go on; give_up tells of it
            done += await give_up(row, error)
    return done
