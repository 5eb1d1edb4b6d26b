"""A record as YClients gives it out: which type a field has depends on the record, as in their own samples."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Json = dict[str, Any]


def row(kept: Json) -> Json:
    """All fields of a record, money and client included."""
    number, moment = kept["id"], kept["datetime"]
    assert isinstance(moment, datetime)
    changed = kept["changed"].strftime("%Y-%m-%dT%H:%M:%S%z")
    services = [
        {"id": 100 + n, "title": title, "cost": 6000, "manual_cost": 6000, "cost_per_unit": 6000, "discount": 0,
         "first_cost": 6000, "amount": 1}
        for n, title in enumerate(kept["services"])
    ]  # fmt: skip
    return {
        "id": number,
        "company_id": kept["company_id"],
        "staff_id": 7,
        "services": services,
        "goods_transactions": [],
        "staff": {"id": 7, "api_id": None, "name": "Алма", "specialization": "стилист", "rating": 0, "votes_count": 0},
        "client": _client(kept),
        "clients_count": 1,
        "date": moment.strftime("%Y-%m-%d %H:%M:%S"),
        "datetime": moment.isoformat(timespec="seconds"),
        "create_date": changed,
        "comment": "",
        "online": False,
        "visit_attendance": kept["attendance"],
        "attendance": kept["attendance"],
        "confirmed": kept["confirmed"],
        "seance_length": 3600,
        "length": 3600,
        "api_id": "",
        "visit_id": 9_000_000 + number if number % 2 else f"{9_000_000 + number}",
        "deleted": kept["deleted"] if number % 2 else int(kept["deleted"]),
        "paid_full": 0,
        "prepaid": (False, 0, "forbidden")[number % 3],
        "last_change_date": changed,
        "record_labels": [],
        "activity_id": 0,
        "custom_fields": [] if number % 2 else {},
        "documents": [],
    }


def _client(kept: Json) -> Any:
    if kept["id"] % 4 == 0:
        return None
    if kept["id"] % 4 == 1:
        return []
    return {"id": 500 + kept["id"], "name": kept["client"], "phone": kept["phone"], "card": "", "email": "",
            "success_visits_count": 3, "fail_visits_count": 0}  # fmt: skip
