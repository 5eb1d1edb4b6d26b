"""What YClients sends."""

from typing import Any

from infra.demo.salon.example import COMPANY


def hook(record: int, status: str) -> dict[str, Any]:
    """Which record was changed, and hardly anything of it. `status`: create, update or delete."""
    return {
        "company_id": COMPANY, "resource": "record", "resource_id": record, "status": status, "data": {"id": record},
    }  # fmt: skip
