"""What curators and administrators see."""

from dataclasses import replace
from datetime import UTC

from functions.telegram_webhook.courses.data.matches import Candidate, Request
from functions.telegram_webhook.courses.data.rosters import Entry, HeldSession
from functions.telegram_webhook.courses.screens.staff import (
    attendance,
    changes,
    find_person,
    held_sessions,
    match,
    payments,
    unmarked,
)
from infra.previews.examples.example import Example, Names
from infra.previews.examples.participant import BIG, DAY, NOW


def examples(names: Names) -> list[Example]:
    """Of the folder staff."""
    held = HeldSession(BIG, DAY, None, None, names.title, names.place, people=40, present=30, late=1, absent=2,
                       announced=2)  # fmt: skip
    entries = [
        Entry(BIG + n, names.person(n), "late", 15, paid=True, last=["present", None, "late", "absent"])
        for n in range(37)
    ]
    entries += [
        Entry(BIG + n, names.person(n), None, None, paid=None, is_announced=True, reason=names.text) for n in range(3)
    ]
    found = find_person.Found(BIG, names.person(), "user", names.place, has_account=False)
    return [
        Example("attendance", attendance.Data(held, entries, 1, asked=BIG)),
        Example("attendance", attendance.Data(held, entries, 0, is_confirming=True)),
        Example("changes", changes.Data(held, _changes(names), 1, has_next=True, timezone="Etc/UTC")),
        Example("changes", changes.Data(held, [], 0, has_next=False, timezone="Etc/UTC")),
        Example("find_person", find_person.Data(names.person(), [found] * 11)),
        Example("find_person", find_person.Data("", [found], is_open=True, link="https://t.me/b?start=a-_")),
        Example("held_sessions", held_sessions.Data([held], 1, has_next=True)),
        *_match(names),
        Example("payments", payments.Data(held, entries, 1)),
        Example("unmarked", unmarked.Data([held])),
    ]


def _match(names: Names) -> list[Example]:
    candidates = [Candidate(BIG + n, names.person(n), names.place) for n in range(5)]
    request = Request(BIG, names.person(1), "anna_kim", NOW, "open", None, "", "")
    decided = replace(request, decided_at=NOW, decided_by=names.person(2), person=names.person())
    return [
        Example("match", match.Data([request] * 3, UTC)),
        *(
            Example("match", match.Data([shown], UTC, is_open=True))
            for shown in (
                replace(request, candidates=candidates),
                request,
                replace(decided, state="accepted"),
                replace(decided, state="declined"),
                replace(decided, state="withdrawn", decided_by=""),
            )
        ),
    ]


def _changes(names: Names) -> list[changes.Change]:
    return [
        changes.Change(NOW, names.person(1), names.person(), "present", None, "late", 15, None, None),
        changes.Change(NOW, None, names.person(2), "absent", None, None, None, None, None),
        changes.Change(NOW, names.person(1), names.person(3), None, None, None, None, was_paid=False, is_paid=True),
    ]
