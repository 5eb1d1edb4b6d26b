"""The bookings of one salon, looked up a few at a time, so that no salon waits for another."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, TypeVar

from functions.verify_bookings import bookings
from functions.verify_bookings.bookings import Booking
from functions.verify_bookings.rate_limiter import RateLimiter
from shared import logs
from shared.clients.yclients import PAGE_ROWS, Page, Problem, Record, YClients, is_number
from shared.database.pool import Database

MIN_LISTED = 2  # one booking is asked for by its number
MIN_BATCH = 5  # as many are asked for one by one until the next salon has its turn
BATCH = 100
MAX_PAGES = 10
MAX_FAILURES = 3  # in a row; then this run leaves the salon alone

# How far back a list of changed records goes: their times have no zone, and a record is older than its booking's row,
# which came when the session was archived. Further back there are only more pages: what is older is asked for by its
# number, and what was deleted since is looked for in a longer list.
ZONES = timedelta(days=1)
ARCHIVED_LATE = timedelta(days=3)
BOOKED_AHEAD = timedelta(days=30)
MIN_PAGES = 5  # of the longer list, which is the only way to what was deleted

_Answer = TypeVar("_Answer", Record, Page)


class BookingLookup:
    """The lookups of one salon in one run: its claimed bookings, and its circuit breaker."""

    def __init__(
        self, database: Database, yclients: YClients, rate_limiter: RateLimiter, salon: bookings.Salon
    ) -> None:
        """`salon` must have a branch."""
        assert salon.branch is not None
        self._database, self._yclients, self._rate_limiter = database, yclients, rate_limiter
        self.tenant_id, self._branch = salon.tenant_id, salon.branch
        self._claimed: list[Booking] = []
        self._failures = 0
        self._is_over = False  # for this run
        self.done: Counter[str] = Counter()

    async def step(self) -> bool:
        """Look up a few bookings; False when the salon has no more in this run."""
        if not self._claimed and not await self._claim():
            return False
        few, self._claimed = self._claimed[:MIN_BATCH], self._claimed[MIN_BATCH:]
        missing = []
        for number, booking in enumerate(few):
            if self._is_over:
                self._claimed = few[number:] + self._claimed
                break
            if await self._look_up(booking) == "not_found":
                missing.append(booking)
        if missing:
            await self._look_up_deleted(missing)
        return not self._is_over

    async def finish(self) -> None:
        """Release what was not looked up."""
        await bookings.release(self._database, self._claimed)
        self._claimed = []

    async def _claim(self) -> bool:
        """Whether anything was due. Of many bookings, those that a list of changed records settles are done with."""
        claimed = await bookings.claim(self._database, self.tenant_id, BATCH)
        self._claimed = [booking for booking in claimed if is_number(booking.external_id)]
        await bookings.forget(self._database, [booking for booking in claimed if not is_number(booking.external_id)])
        if len(self._claimed) >= MIN_LISTED:
            left, extent = await self._list(self._claimed, ARCHIVED_LATE)
            if extent == "whole":  # what was known once and is not among the changed is as it was
                await self._settle([(booking, None) for booking in left if booking.verified_at])
                left = [booking for booking in left if not booking.verified_at]
            self._claimed = left
        return bool(claimed)

    async def _look_up(self, booking: Booking) -> Problem | None:
        """Look up one booking; None, or why there was no record."""
        answer = await self._fetch(partial(self._yclients.record, self._branch, booking.external_id))
        if isinstance(answer, Record):
            await self._settle([(booking, answer)])
            return None
        if answer is None:
            self._claimed.append(booking)
        elif answer not in ("not_found", "refused"):
            await self._fail([booking], answer)
        return answer

    async def _look_up_deleted(self, missing: list[Booking]) -> None:
        """A record may be deleted: then it is hidden from its own address, but not from the list of deleted ones."""
        left, extent = await self._list(missing, BOOKED_AHEAD, MIN_PAGES)
        if extent == "stopped" and self._is_over:
            self._claimed += left
        elif extent == "stopped":
            await self._fail(left, "away")
        else:
            await bookings.mark_missing(self._database, left)
            self.done["failed"] += len(left)

    async def _list(
        self, wanted: Sequence[Booking], older: timedelta, min_pages: int = 0
    ) -> tuple[list[Booking], Literal["whole", "part", "stopped"]]:
        """Settle those of `wanted` that changed lately; the bookings that are left, and how far the list was read.

        It is given up when it has more than `min_pages` left, and as many as there are bookings to ask for one by one.
        """
        left = {booking.external_id: booking for booking in wanted}
        read, since = 0, min(_changed_since(booking, older) for booking in wanted)
        for page in range(1, MAX_PAGES + 1):
            answer = await self._fetch(partial(self._yclients.records, self._branch, since, page))
            if not isinstance(answer, Page):
                return list(left.values()), "stopped"
            found = {record.id: record for record in answer.records if record.id in left}
            await self._settle([(left.pop(number), record) for number, record in found.items()])
            read += answer.rows
            if not left or not answer.rows or (answer.total is not None and read >= answer.total):
                return list(left.values()), "whole"
            if answer.total is not None and (answer.total - read) / PAGE_ROWS > max(len(left) - 1, min_pages):
                break
        return list(left.values()), "part"

    async def _fetch(self, call: Callable[[], Awaitable[_Answer | Problem]]) -> _Answer | Problem | None:
        """The call's answer; None when this salon's time in this run is over."""
        if self._is_over or not await self._rate_limiter.wait():
            self._is_over = True
            return None
        answer = await call()
        if not isinstance(answer, str) or answer == "not_found":
            self._failures = 0
        elif answer == "refused":
            self._is_over = True
            await bookings.mark_auth_failed(self._database, self.tenant_id)
            step = "see to the salon's YClients token (carillon salon connect), its licence, YCLIENTS_PARTNER_TOKEN"
            logs.warning("yclients_refused", tenant=str(self.tenant_id), next_step=step)
        else:
            self._count_failure(answer)
        return answer

    def _count_failure(self, problem: Problem) -> None:
        self._failures += 1
        if problem == "rate_limited":
            self._rate_limiter.back_off()
        if self._failures >= MAX_FAILURES:
            self._is_over = True
            logs.warning("yclients_breaker_open", tenant=str(self.tenant_id), problem=problem)

    async def _settle(self, answers: Sequence[tuple[Booking, Record | None]]) -> None:
        if answers:
            self.done.update(await bookings.settle(self._database, answers))

    async def _fail(self, failed: Sequence[Booking], error: str) -> None:
        await bookings.mark_failed(self._database, failed, error)
        self.done["failed"] += len(failed)


def _changed_since(booking: Booking, older: timedelta) -> datetime:
    """When the record changed at the earliest; it may be older than a row that nobody verified by `older`."""
    if booking.verified_at:
        return booking.verified_at - ZONES
    return min(booking.created_at, booking.start_at or booking.created_at) - older - ZONES
