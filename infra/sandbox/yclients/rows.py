"""A record in YClients' shape: the types of some fields depend on the record, as in their own samples."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Json = dict[str, Any]


def to_json(record: Json) -> Json:
    """All fields of a record."""
    number, moment = record["id"], record["datetime"]
    assert isinstance(moment, datetime)
    changed = record["changed"].strftime("%Y-%m-%dT%H:%M:%S%z")
    services = [
        {"id": 100 + n, "title": title, "cost": 6000, "manual_cost": 6000, "cost_per_unit": 6000, "discount": 0,
         "first_cost": 6000, "amount": 1}
        for n, title in enumerate(record["services"])
    ]  # fmt: skip
    return {
        "id": number,
        "company_id": record["company_id"],
        "staff_id": 7,
        "services": services,
        "goods_transactions": [],
        "staff": {"id": 7, "api_id": None, "name": "Алма", "specialization": "стилист", "rating": 0, "votes_count": 0},
        "client": _client(record),
        "clients_count": 1,
        "date": moment.strftime("%Y-%m-%d %H:%M:%S"),
        "datetime": moment.isoformat(timespec="seconds"),
        "create_date": changed,
        "comment": "",
        "online": False,
        "visit_attendance": record["attendance"],
        "attendance": record["attendance"],
        "confirmed": record["confirmed"],
        "seance_length": 3600,
        "length": 3600,
        "api_id": "",
        "visit_id": 9_000_000 + number if number % 2 else f"{9_000_000 + number}",
        "deleted": record["deleted"] if number % 2 else int(record["deleted"]),
        "paid_full": 0,
        "prepaid": (False, 0, "forbidden")[number % 3],
        "last_change_date": changed,
        "record_labels": [],
        "activity_id": 0,
        "custom_fields": [] if number % 2 else {},
        "documents": [],
    }


def _client(record: Json) -> Any:
    if record["id"] % 4 == 0:
        return None
    if record["id"] % 4 == 1:
        return []
    return {"id": 500 + record["id"], "name": record["client"], "phone": record["phone"], "card": "", "email": "",
            "success_visits_count": 3, "fail_visits_count": 0}  # fmt: skip
