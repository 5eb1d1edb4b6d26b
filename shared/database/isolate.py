"""One poison row never costs its neighbours: what failed together is tried alone, and given up alone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from shared import logs
from shared.errors import DatabaseUnavailable

Row = TypeVar("Row")
Result = TypeVar("Result")

Settle = Callable[[Sequence[Row]], Awaitable[Result]]
GiveUp = Callable[[Row, Exception], Awaitable[Result]]


async def settle(
    rows: Sequence[Row], settle_all: Settle[Row, Result], give_up: GiveUp[Row, Result], *, unit: str = "rows"
) -> list[Result]:
    """Settle `rows` together; if that fails, each alone, and `give_up` those that fail alone. The calls' results.

    `settle_all` opens the transaction of each call; `unit` is what the log calls the rows. Raises DatabaseUnavailable,
    which is no row's fault, and whatever `give_up` raises.
    """
    try:
        return [await settle_all(rows)]
    except Exception as error:  # noqa: BLE001 - logged, or handed to give_up
        return await settle_each(rows, error, settle_all, give_up, unit=unit)


async def settle_each(
    rows: Sequence[Row],
    error: Exception,
    settle_all: Settle[Row, Result],
    give_up: GiveUp[Row, Result],
    *,
    unit: str = "rows",
) -> list[Result]:
    """As `settle`, once settling `rows` together has failed with `error`: where the same transaction claimed them.

    Raises `error` when it is no row's fault: DatabaseUnavailable, or there are no rows.
    """
    if isinstance(error, DatabaseUnavailable) or not rows:
        raise error
    if len(rows) == 1:  # it was alone already
        return [await give_up(rows[0], error)]
    logs.error("batch_failed", cause=error, **{unit: len(rows)})
    results: list[Result] = []
    for row in rows:
        results += await settle([row], settle_all, give_up, unit=unit)
    return results
