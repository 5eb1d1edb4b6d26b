"""The state of the stand-in: records, journal, armed faults, latency."""

from __future__ import annotations

import time
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from infra.sandbox.yclients.filters import Filter
from infra.sandbox.yclients.rows import to_json

MAX_ROWS = 10_000
MAX_PER_SECOND, MAX_PER_MINUTE = 5, 200
Json = dict[str, Any]


class Fault(BaseModel):
    """What happens to the next `times` calls (of the salon `company_id`, if it is given) after `after` good ones.

    `hang`: no answer for `seconds`, then a broken connection; `drop`: a broken connection; `status`: an error with
    `status`; `garbage`: a proxy's page; `said`: a 200 whose body is an error; `strange`: a malformed record.
    """

    model_config = ConfigDict(extra="forbid")

    does: Literal["hang", "drop", "status", "garbage", "said", "strange"]
    company_id: int | None = None
    times: int = Field(1, ge=1)
    after: int = Field(0, ge=0)
    status: int = Field(500, ge=400, le=599)
    seconds: float = Field(60, ge=0)


class Record(BaseModel):
    """A record; the API returns it in YClients' own shape."""

    model_config = ConfigDict(extra="forbid")

    company_id: int = Field(ge=1)
    id: int = Field(ge=1)
    datetime: AwareDatetime
    attendance: Literal[-1, 0, 1, 2] = 0
    confirmed: int = 1
    deleted: bool = False
    services: list[str] = ["Стрижка"]
    client: str = "Дина"
    phone: str = "+77010000000"
    changed: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))
    hides_deleted: bool = True  # the record alone is a 404 once it is deleted


class YClients:
    """The state behind the API."""

    def __init__(self) -> None:
        self.records: dict[tuple[int, int], Record] = {}
        self.journal: deque[Json] = deque(maxlen=MAX_ROWS)
        self.faults: list[Fault] = []
        self.latency = 0.0
        self.is_limited = False  # to so many calls as the real one takes
        self._called: deque[float] = deque(maxlen=MAX_PER_MINUTE)
        self._tokens: dict[int, str] = {}
        self._count = 0

    def reset(self) -> None:
        """Forget records, calls and faults; the salons' tokens stay."""
        self.records.clear()
        self.journal.clear()
        self.faults.clear()
        self.latency = 0.0

    def put(self, company_id: int, number: int, **fields: object) -> Record:
        """Add a record, or change the one with this number; `fields` are those of `Record`."""
        before = self.records.get((company_id, number))
        tomorrow = {"datetime": datetime.now(UTC) + timedelta(days=1)}
        known = before.model_dump(exclude={"changed"}) if before else tomorrow
        record = Record.model_validate({**known, "company_id": company_id, "id": number, **fields})
        self.records[company_id, number] = record
        return record

    def admits(self, now: float) -> bool:
        """Whether a call at `now`, in seconds, is within the limits; it is counted if it is."""
        called = self._called
        is_much = len(called) >= MAX_PER_SECOND and now - called[-MAX_PER_SECOND] < 1
        is_too_much = is_much or (len(called) == MAX_PER_MINUTE and now - called[0] < 60)
        if self.is_limited and is_too_much:
            return False
        called.append(now)
        return True

    def knows(self, company_id: int, token: str) -> bool:
        """Whether the token is the salon's: the first one that is used becomes it."""
        return self._tokens.setdefault(company_id, token) == token

    def rows(self, company_id: int, wanted: Filter) -> list[Json]:
        """The matching records in YClients' shape."""
        own = (record for record in self.records.values() if record.company_id == company_id)
        shown = (to_json(record.model_dump()) for record in sorted(own, key=lambda record: record.id))
        return [record for record in shown if wanted.matches(record)]

    def record(self, company_id: int, number: int) -> Json | None:
        """A record in YClients' shape; None when there is none."""
        found = self.records.get((company_id, number))
        return None if found is None or (found.deleted and found.hides_deleted) else to_json(found.model_dump())

    def fail(self, **fault: object) -> None:
        """Arm a fault; takes the fields of `Fault`."""
        self.faults.append(Fault.model_validate(fault))

    def fault(self, company_id: int) -> Fault | None:
        """The oldest fault for this salon, counted down; None when none applies."""
        fault = next((armed for armed in self.faults if armed.company_id in (None, company_id)), None)
        if fault is None:
            return None
        if fault.after:
            fault.after -= 1
            return None
        fault.times -= 1
        if fault.times <= 0:
            self.faults.remove(fault)
        return fault

    def record_call(self, what: str, company_id: int, asked: Json) -> Json:
        """Add a call to the journal; its row, which still lacks the status."""
        self._count += 1
        row = {"n": self._count, "unix": time.time(), "what": what, "company_id": company_id, "status": None}
        self.journal.append(row | {"asked": asked})
        return self.journal[-1]
