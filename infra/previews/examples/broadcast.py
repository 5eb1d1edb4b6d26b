"""What authors of broadcasts see, and whoever switches them off."""

from dataclasses import replace
from datetime import UTC, datetime
from html import escape

from functions.telegram_webhook.courses.broadcasts.card import Data
from functions.telegram_webhook.courses.data.broadcasts import Broadcast, Listed
from functions.telegram_webhook.courses.screens.broadcast import (
    broadcast_text,
    broadcast_time,
    broadcast_to,
    broadcasts,
)
from infra.previews.examples.example import Example, Names
from infra.previews.examples.participant import BIG, DAY

NOW = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


def examples(names: Names) -> list[Example]:
    """Of the folder broadcast."""
    listed = [
        Listed(BIG, names.title, status, is_draft=status == "pending", is_paused=False, is_cancelled=False, sent=5)
        for status in ("pending", "sending", "done", "error")
    ]
    return [
        *(Example("broadcast", data) for data in _cards(names)),
        Example("broadcasts", broadcasts.Data(listed, 1, has_next=True)),
        Example("broadcasts", broadcasts.Data([], 0, has_next=False)),
        Example("broadcast_text", broadcast_text.Data(None, is_sent=False, room=3900, room_with_file=830)),
        Example("broadcast_text", broadcast_text.Data(BIG, is_sent=True, room=3900, room_with_file=830)),
        Example("broadcast_to", broadcast_to.Data(BIG)),
        Example("broadcast_to", broadcast_to.Data(BIG, "cohorts", [(BIG, names.place)] * 2, 1, has_next=True)),
        Example("broadcast_time", broadcast_time.Data(BIG, "Etc/UTC", NOW, DAY, None)),
        Example("broadcast_time", broadcast_time.Data(BIG, "Etc/UTC", NOW, NOW.date(), NOW.date())),
        Example("mailings_off", ""),
    ]


def _cards(names: Names) -> list[Data]:
    stats = {"queued": 0, "sent": 0, "failed": 0, "skipped": 0}
    draft = Broadcast(
        BIG, names.title, f"<b>{escape(names.text)}</b>", None, (), "stream", names.place, NOW, "pending",
        is_draft=True, is_paused=False, is_cancelled=False, is_withdrawn=False, revision=1, stats=stats,
        author=names.person(), is_editable=False, unknown=0,
    )  # fmt: skip
    sending = replace(
        draft, is_draft=False, status="sending", is_editable=True, audience="all", files=["BQAC", "BQAD"],
        stats={"queued": 40, "sent": 110, "failed": 2, "skipped": 7},
    )  # fmt: skip
    school = names.school
    people = {"": 152, "no_consent": 4, "no_account": 2, "notifications_off": 1, "unreachable": 3}
    return [
        Data(draft, school, "Etc/UTC", NOW, people, 2.0),
        Data(draft, school, "Etc/UTC", NOW, people, 12.5, "send"),
        Data(draft, school, "Etc/UTC", NOW, people, 12.5, "send", awake_at=NOW),
        Data(replace(draft, scheduled_at=None, body=escape(names.text) * 400), school, "Etc/UTC", NOW, {}),
        Data(sending, school, "Etc/UTC", NOW, {}),
        Data(replace(sending, is_paused=True), school, "Etc/UTC", NOW, {}, asked="cancel"),
        Data(replace(sending, new_body=escape(names.title)), school, "Etc/UTC", NOW, {}, asked="replace"),
        Data(replace(sending, status="done", unknown=2), school, "Etc/UTC", NOW, {}),
        Data(replace(sending, status="done", audience="role", place="curator"), school, "Etc/UTC", NOW, {}),
    ]
