"""Broadcasts, and to whom each went."""

import json
from typing import Any

from infra.admin.courses.crm.known import Known
from infra.admin.courses.crm.readers.columns import author
from infra.admin.courses.crm.readers.table import Table, Values
from infra.admin.courses.crm.row import Row
from shared.payload.postgres_text import replace_nul
from shared.payload.values import map_scalars

AUDIENCES = frozenset({"all", "cohort"})
STATUSES = frozenset({"pending", "sending", "done", "error"})
RECIPIENT_STATUSES = frozenset({"queued", "sent", "failed"})


def _broadcast(row: Row, known: Known) -> Values:
    number, title = row.id("id"), row.line("title")
    if title is None:
        row.mend("title was missing")
    audience, cohort = row.choice("audience", AUDIENCES, "all"), row.reference("cohort_id", known.of("cohorts"))
    if cohort is not None and audience != "cohort":
        row.drop("cohort_id", "is not its audience")
        cohort = None
    status = row.choice("status", STATUSES, "error")
    if status in ("pending", "sending"):  # nothing that was planned elsewhere is sent from here by itself
        row.drop("status", "was not finished: it is not sent from here")
        status = "error"
    return (
        number,
        title or "…",
        row.text("body"),
        row.line("attachment_file_id"),
        row.line("attachment_mime"),
        audience,
        cohort,
        author(row, known, "created_by"),
        row.instant("scheduled_at", known.zone),
        row.instant("sent_at"),
        status,
        _stats(row),
    )


def _stats(row: Row) -> str:
    written = row.text("stats_json")
    if written is None:
        return "{}"
    try:
        found: Any = map_scalars(
            json.loads(written), lambda found: replace_nul(found) if isinstance(found, str) else found
        )
        if isinstance(found, dict):
            return json.dumps(found, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        pass
    row.drop("stats_json", "cannot be read")
    return "{}"


def _recipient(row: Row, known: Known) -> Values:
    broadcast, user = row.owner("broadcast_id", known.of("broadcasts")), row.owner("user_id", known.of("users"))
    status = row.choice("status", RECIPIENT_STATUSES, "queued")
    if status == "queued":
        row.mend("status was queued: it is not sent from here")
        status = "skipped"
    return broadcast, user, status, row.text("error"), row.instant("sent_at")


BROADCASTS = Table(
    "broadcasts",
    ("id", "title", "body", "attachment_file_id", "attachment_mime", "audience", "cohort_id", "created_by",
     "scheduled_at", "sent_at", "status", "stats_json"),
    ("id", "title", "body", "attachment_file_id", "attachment_mime", "audience", "cohort_id", "created_by",
     "scheduled_at", "sent_at", "status", "stats_json"),
    _broadcast,
    refers={"cohort_id": "cohorts"},
)  # fmt: skip
RECIPIENTS = Table(
    "broadcast_recipients",
    ("broadcast_id", "user_id", "status", "error", "sent_at"),
    ("broadcast_id", "user_id", "status", "error", "sent_at"),
    _recipient,
    key=None,
    pair=("broadcast_id", "user_id"),
    noted_at="sent_at",
)
