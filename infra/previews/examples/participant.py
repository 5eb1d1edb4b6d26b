"""What participants see."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from functions.telegram_webhook.courses.data.absences import ComingSession
from functions.telegram_webhook.courses.data.consents import ConsentText
from functions.telegram_webhook.courses.data.sessions import Session
from functions.telegram_webhook.courses.data.signups import HealingSession, Signup
from functions.telegram_webhook.courses.screens.participant import (
    about_me,
    absence,
    assignments,
    events,
    healing,
    materials,
    my_record,
    notifications,
    schedule,
)
from infra.previews.examples.example import Example, Names
from shared.i18n.texts import Text

NOW, DAY = datetime(2026, 3, 1, 9, tzinfo=UTC), date(2026, 3, 7)
BIG = 10**9  # an id of many digits


def examples(names: Names) -> list[Example]:
    """Of the folder participant."""
    session = Session(BIG, DAY, date(2026, 3, 8), time(10), names.title, is_cancelled=True)
    event = events.Event(names.title, DAY, None, time(10), names.text, is_cancelled=False)
    note = {
        "start_date": DAY, "end_date": None, "title": names.title, "status": "late", "minutes_late": 5, "paid": False,
        "homework": "https://example.com/?a=1&b=2",
    }  # fmt: skip
    material = materials.Material(BIG, names.title, names.text, "BQAC")
    text = ConsentText("mailings", 3, Text(ru=names.consent, en=names.consent))
    task = assignments.Assignment(BIG, names.title, names.text, DAY, is_submitted=True)
    coming = ComingSession(BIG, DAY, date(2026, 3, 8), time(10), names.title, is_announced=False, reason=None)
    absent = replace(coming, is_announced=True)
    return [
        Example("absence", absence.Data([coming, absent], 1, has_next=True)),
        *(
            Example("absence", absence.Data([session], 0, has_next=False, is_open=True))
            for session in (coming, absent, replace(absent, reason=names.text))
        ),
        Example("about_me", about_me.Data(is_leaving=False, is_staff=False)),
        Example("about_me", about_me.Data(is_leaving=True, is_staff=False)),
        Example(
            "assignments",
            assignments.Data([task], 1, has_next=True),
        ),
        Example("events", events.Data([event], 1, has_next=True, timezone="Europe/Moscow", now=NOW)),
        *_healing(names),
        Example("materials", materials.Data([materials.Material(BIG, names.title)], 1, has_next=True)),
        Example("materials", materials.Data([material], is_open=True)),
        Example("my_record", my_record.Data([note], 1, has_next=True)),
        Example(
            "notifications",
            notifications.Data(has_reminders=True, opt_outs=["event"], has_mailings=False, mailings_text=text),
        ),
        Example("schedule", schedule.Data([session], 1, has_next=True, timezone="Europe/Moscow", now=NOW)),
    ]


def _healing(names: Names) -> list[Example]:
    until = datetime(2026, 3, 5, 12, tzinfo=UTC)
    free = HealingSession(
        BIG, DAY, time(19, 30), names.text, 12, is_cancelled=False, has_begun=False, taken=3, waiting=0, state=None,
        offer_until=None, ahead=0,
    )  # fmt: skip
    full = replace(free, taken=12, waiting=4)
    offered = replace(full, state="offered", offer_until=until)
    waiting = replace(full, state="waiting", ahead=2)
    off = replace(free, is_cancelled=True)
    signed = replace(free, state="signed", capacity=None)
    page = healing.Data([signed, waiting, offered, free, full, off], 1, has_next=True, timezone="Etc/UTC", now=NOW)
    people = [Signup(names.person(number), "waiting" if number > 2 else "signed") for number in range(5)]
    return [
        Example("healing", page),
        *(
            Example("healing", healing.Data([session], 0, has_next=False, timezone="Etc/UTC", now=NOW, is_open=True))
            for session in (free, full, waiting, offered, signed, off)
        ),
        Example(
            "healing",
            healing.Data(
                [full], 0, has_next=False, timezone="Etc/UTC", now=NOW, is_open=True, is_staff=True, people=people
            ),
        ),
    ]
