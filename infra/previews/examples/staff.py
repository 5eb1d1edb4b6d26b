"""What curators and administrators see."""

from functions.telegram_webhook.courses.data.rosters import Entry, HeldSession
from functions.telegram_webhook.courses.screens.staff import (
    attendance,
    find_person,
    held_sessions,
    payments,
    unmarked,
)
from infra.previews.examples.example import Example, Names
from infra.previews.examples.participant import BIG, DAY


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
        Example("find_person", find_person.Data(names.person(), [found] * 11)),
        Example("find_person", find_person.Data("", [found], is_open=True, link="https://t.me/b?start=a-_")),
        Example("held_sessions", held_sessions.Data([held], 1, has_next=True)),
        Example("payments", payments.Data(held, entries, 1)),
        Example("unmarked", unmarked.Data([held])),
    ]
