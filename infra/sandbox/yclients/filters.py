"""Which records a caller wants to see."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

Json = dict[str, Any]
# Where no zone is given, it is UTC.
_Moment = Annotated[datetime, AfterValidator(lambda at: at if at.tzinfo else at.replace(tzinfo=UTC))]


class Filter(BaseModel):
    """The query of a list of records; days are those of the salon, both ends included."""

    staff_id: int | None = None
    client_id: int | None = None
    start_date: date | None = None
    end_date: date | None = None
    c_start_date: date | None = None  # of the record's making
    c_end_date: date | None = None
    changed_after: _Moment | None = None
    changed_before: _Moment | None = None
    with_deleted: str = Field("0")

    def matches(self, record: Json) -> bool:
        """Whether a record, in YClients' shape, is one of them."""
        client = record["client"]
        changed = datetime.fromisoformat(record["last_change_date"])
        return (
            (self.with_deleted == "1" or not record["deleted"])
            and self.staff_id in (None, record["staff_id"])
            and self.client_id in (None, client["id"] if isinstance(client, dict) else 0)
            and _is_between(self.start_date, datetime.fromisoformat(record["datetime"]).date(), self.end_date)
            and _is_between(self.c_start_date, datetime.fromisoformat(record["create_date"]).date(), self.c_end_date)
            and (self.changed_after is None or changed >= self.changed_after.replace(microsecond=0))
            and (self.changed_before is None or changed <= self.changed_before)
        )


def _is_between(first: date | None, day: date, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)
