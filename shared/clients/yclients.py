"""YClients, where salons keep their records (docs/protocols/yclients.md): one record, or those that changed.

Nothing here retries. Tokens are in headers; of an answer nothing leaves that is money or tells who the client is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from shared.clients.http import NoResponse
from shared.i18n.shorten import shorten
from shared.payload.postgres_text import without_nul
from shared.payload.timestamps import parse_with_offset
from shared.payload.values import coerced_integer, part

if TYPE_CHECKING:
    from shared.clients.http import HttpClient, HttpResponse

PAGE_ROWS = 100
MAX_BYTES = 8_000_000  # a page of long records

# Of those who did not answer with the record: it is not there; the token or the licence is no good; too many calls; no
# answer, or an error of theirs; anything else.
Problem = Literal["not_found", "refused", "rate_limited", "away", "not_understood"]

_TOKEN = re.compile(r"[!-~]{1,500}")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_MAX_TITLE = 200


@dataclass(frozen=True)
class Branch:
    """A salon, and the token of a user who may see its records."""

    company_id: str
    user_token: str = field(repr=False)


@dataclass(frozen=True)
class Record:
    """What YClients knows of a booking. Attendance: -1 did not come, 0 waited for, 1 came, 2 confirmed."""

    id: str
    is_deleted: bool
    attendance: int | None
    starts_at: datetime | None
    details: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """Some of the records that changed; those we do not understand are left out, and counted in `rows`."""

    records: list[Record]
    rows: int
    total: int | None


class YClients:
    """The API, as one partner."""

    def __init__(self, client: HttpClient, api_url: str, partner_token: str) -> None:
        """`web` makes the calls, each of them once."""
        self._http = client
        self._api_url = api_url
        self._partner_token = partner_token

    async def record(self, branch: Branch, record_id: str) -> Record | Problem:
        """The record with this number, or why not."""
        data = await self._get(branch, f"record/{branch.company_id}/{record_id}")
        if isinstance(data, str):
            return data
        record = parse_record(data["data"], branch)
        return record if record and record.id == record_id else "not_understood"

    async def records(self, branch: Branch, changed_after: datetime, page: int) -> Page | Problem:
        """A page of the records that changed since, deleted ones too.

        YClients does not say in whose time zone: give it a day more than you need.
        """
        query = {
            "changed_after": changed_after.strftime("%Y-%m-%dT%H:%M:%S"), "with_deleted": "1",
            "count": str(PAGE_ROWS), "page": str(page),
        }  # fmt: skip
        envelope = await self._get(branch, f"records/{branch.company_id}", query)
        if isinstance(envelope, str):
            return "not_understood" if envelope == "not_found" else envelope
        rows = envelope["data"]
        if not isinstance(rows, list):
            return "not_understood"
        records = [record for row in rows if (record := parse_record(row, branch))]
        return Page(records, len(rows), coerced_integer(part(envelope, "meta").get("total_count")))

    async def _get(self, branch: Branch, path: str, query: dict[str, str] | None = None) -> dict[str, Any] | Problem:
        """The envelope of a good answer, or what else it was."""
        if not _TOKEN.fullmatch(branch.user_token):  # no header could carry it
            return "refused"
        headers = {
            "Accept": "application/vnd.yclients.v2+json",
            "Authorization": f"Bearer {self._partner_token}, User {branch.user_token}",
        }
        url = f"{self._api_url}/{path}"
        answer = await self._http.call("GET", url, most_bytes=MAX_BYTES, params=query, headers=headers)
        return "away" if isinstance(answer, NoResponse) else _classify(answer)


def is_number(text: str) -> bool:
    """Whether `text` can be the number of a record or a salon."""
    return _NUMBER.fullmatch(text) is not None


def parse_record(row: Any, branch: Branch) -> Record | None:
    """A record in YClients' words; None where they make none. One field has several types in their own samples."""
    if not isinstance(row, dict):
        return None
    number, company = coerced_integer(row.get("id")), coerced_integer(row.get("company_id"))
    attendance = coerced_integer(row.get("attendance"))
    is_deleted = coerced_integer(row.get("deleted")) == 1
    if number is None or (company is not None and str(company) != branch.company_id):
        return None
    if attendance not in (-1, 0, 1, 2):
        if not is_deleted:
            return None
        attendance = None
    details = {
        "attendance": attendance,
        "deleted": is_deleted,
        "datetime": _text(row.get("datetime")),
        "confirmed": coerced_integer(row.get("confirmed")),
        "staff_id": coerced_integer(row.get("staff_id")),
        "services": _services(row.get("services")),
    }
    return Record(str(number), is_deleted, attendance, parse_with_offset(row.get("datetime")), details)


def _classify(answer: HttpResponse) -> dict[str, Any] | Problem:
    fields, status = answer.fields, answer.status
    if 200 <= status < 300 and fields.get("success") is True and fields.get("data") is not None:
        return fields
    if status in (401, 402, 403):
        return "refused"
    if status == 404 and fields.get("success") is False:  # in their words: a wrong address has a 404, too
        return "not_found"
    if status == 429:
        return "rate_limited"
    return "away" if status >= 500 else "not_understood"


def _services(value: Any) -> list[dict[str, Any]]:
    services = [service for service in value if isinstance(service, dict)] if isinstance(value, list) else []
    return [{"id": coerced_integer(service.get("id")), "title": _text(service.get("title"))} for service in services]


def _text(value: Any) -> str | None:
    """A text that Postgres can hold."""
    return shorten(without_nul(value), _MAX_TITLE) if isinstance(value, str) else None
