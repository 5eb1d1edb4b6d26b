"""The numbers of the views against a slow program of its own; the documented ones beside the corrected ones."""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tests.migrations.tenant_isolation import AURORA, BREEZE, SUPER, Plain, insert, viewer

STAGES = ("service", "staff", "date", "time")
STATUSES = ("done", "dropped", "escalated", "abandoned", "auto_closed", "something_new")
SERVICES = ("маникюр", "педикюр", "стрижка", "укладка")
# Clocks change in New York on 8 March 2026; Almaty's neighbour has half hours.
ZONES = {AURORA: "America/New_York", BREEZE: "Asia/Kolkata"}
FIRST = datetime(2026, 3, 6, tzinfo=UTC)
Session = dict[str, Any]


def random_sessions() -> list[Session]:
    """Four days of them, some around midnight, with what bots write into meta."""
    dice = random.Random(20260308)  # noqa: S311 - no secrets
    mentioned: list[Any] = [None, [], "маникюр", {"a": 1}, 5, [SERVICES[0], SERVICES[0]], [SERVICES[0], None]]
    mentioned += [dice.sample(SERVICES, dice.randint(1, 4)) for _ in range(13)]
    sessions = []
    for _ in range(600):
        stage = dice.choice((None, None, *(f"{stage}_selection" for stage in STAGES), "elsewhere"))
        meta = {"drop_off_stage": stage, "services_mentioned": dice.choice(mentioned)}
        booked = dice.random() < 0.6
        sessions.append({
            "tenant": dice.choice((AURORA, BREEZE)), "at": FIRST + timedelta(seconds=dice.randrange(4 * 86400)),
            "status": dice.choice(STATUSES), "booking": str(uuid4()) if booked else None,
            "amount": Decimal(dice.choice((0, 100, 1000, 12345.67))).quantize(Decimal("0.01"))
            if booked and dice.random() < 0.8 else None,
            "meta": {key: value for key, value in meta.items() if value is not None or dice.random() < 0.5},
        })  # fmt: skip
    return sessions


def arrange(connection: Plain, sessions: list[Session]) -> None:
    for tenant, zone in ZONES.items():
        insert(connection, "public.tenants_v2", id=tenant, name="Салон")
        insert(connection, "dashboard.tenant_settings", tenant_id=tenant, timezone=zone)
    client = insert(connection, "public.clients_v2", tenant_id=AURORA)
    with connection.transaction():
        for session in sessions:
            insert(connection, "public.conversation_sessions_v2", session_id=uuid4(), tenant_id=session["tenant"],
                   user_id=client, channel="telegram", started_at=session["at"], final_status=session["status"],
                   booking_id=session["booking"], booking_amount=session["amount"],
                   meta=json.dumps(session["meta"]))  # fmt: skip


@pytest.fixture(scope="module")
def sessions() -> list[Session]:
    return random_sessions()


@pytest.fixture(scope="module")
def looking(module_direct_url: str, sessions: list[Session]) -> Iterator[Plain]:
    with psycopg.connect(module_direct_url, autocommit=True) as connection:
        arrange(connection, sessions)
        yield connection


def asked(connection: Plain, columns: str, view: str, zone: str = "UTC") -> list[Any]:
    with viewer(connection, SUPER):
        connection.execute("select set_config('timezone', %s, true)", (zone,))
        return connection.execute(f"select {columns} from {view} order by 1, 2, 3").fetchall()


def local_day(session: Session) -> date:
    at: datetime = session["at"]
    return at.astimezone(ZoneInfo(ZONES[session["tenant"]])).date()


def names(session: Session, *, each_once: bool) -> list[str | None]:
    mentioned = session["meta"].get("services_mentioned")
    listed = mentioned if isinstance(mentioned, list) else []
    return list(dict.fromkeys(listed)) if each_once else listed


def funnel(sessions: list[Session], *, corrected: bool) -> dict[tuple[Any, date], Counter[str]]:
    """Sessions a day: the salon's own days and completed means done, or as the document has it, in UTC."""
    days: dict[tuple[Any, date], Counter[str]] = defaultdict(Counter)
    for session in sessions:
        day = days[session["tenant"], local_day(session) if corrected else session["at"].date()]
        stage, done = session["meta"].get("drop_off_stage"), session["status"] == "done"
        day["total"] += 1
        if corrected:
            known = {"done": "completed", "escalated": "escalated"} | dict.fromkeys(
                ("dropped", "abandoned", "auto_closed"), "dropped"
            )
            day[known.get(session["status"], "other")] += 1
        elif done or stage is None:
            day["completed"] += 1
        if stage is not None and not (corrected and done):
            day[stage] += 1
    return days


def test_the_corrected_funnel_is_what_a_slow_program_counts(looking: Plain, sessions: list[Session]) -> None:
    counted = ("total", "completed", "escalated", "dropped", "other", *(f"{stage}_selection" for stage in STAGES))
    columns = "total_sessions, completed, escalated, dropped, other, " + ", ".join(f"dropped_at_{s}" for s in STAGES)
    view = asked(looking, f"tenant_id, day, {columns}", "dashboard.v_conversion_funnel_corrected", "Asia/Tokyo")

    expected = funnel(sessions, corrected=True)
    assert {row[:2]: list(row[2:]) for row in view} == {
        key: [day[name] for name in counted] for key, day in expected.items()
    }
    assert len(view) >= 8
    assert sum(row[2] for row in view) == sum(sum(row[3:7]) for row in view) == len(sessions)


def test_the_documented_funnel_counts_what_the_document_says(looking: Plain, sessions: list[Session]) -> None:
    columns = "total_sessions, completed, " + ", ".join(f"dropped_at_{stage}" for stage in STAGES)
    view = asked(looking, f"tenant_id, day, {columns}", "dashboard.v_conversion_funnel")

    counted = ("total", "completed", *(f"{stage}_selection" for stage in STAGES))
    assert {row[:2]: list(row[2:]) for row in view} == {
        key: [day[name] for name in counted] for key, day in funnel(sessions, corrected=False).items()
    }


def services(sessions: list[Session], *, corrected: bool) -> dict[tuple[Any, ...], tuple[int, Decimal | None]]:
    """Bookings and money of each service."""
    found: dict[tuple[Any, ...], list[Decimal | None]] = defaultdict(list)
    for session in sessions:
        mentioned = names(session, each_once=corrected)
        for name in mentioned if session["booking"] else ():
            amount = session["amount"]
            share = amount / len(mentioned) if corrected and amount is not None else amount
            found[session["tenant"], local_day(session) if corrected else session["at"].date(), name].append(share)
    sums = {key: [share for share in shares if share is not None] for key, shares in found.items()}
    return {key: (len(shares), sum(sums[key], Decimal()) if sums[key] else None) for key, shares in found.items()}


@pytest.mark.parametrize("corrected", [False, True], ids=["documented", "corrected"])
def test_top_services_are_what_a_slow_program_counts(looking: Plain, sessions: list[Session], corrected: bool) -> None:  # noqa: FBT001
    name = "dashboard.v_top_services" + ("_corrected" if corrected else "")
    view = asked(looking, "tenant_id, day, service_name, booking_count, total_revenue", name)

    expected = services(sessions, corrected=corrected)
    assert {row[:3]: row[3] for row in view} == {key: number for key, (number, _) in expected.items()}
    for *key, _, money in view:
        wanted = expected[tuple(key)][1]
        assert money == wanted or abs(money - wanted) <= Decimal("0.01"), key


def test_the_corrected_money_is_what_came_in_and_the_documented_is_more(
    looking: Plain, sessions: list[Session]
) -> None:
    """By the bookings that mention a service; each of the view's lines is rounded."""
    came_in = sum(
        session["amount"] or 0 for session in sessions if session["booking"] and names(session, each_once=True)
    )
    corrected, documented = (
        asked(looking, "sum(total_revenue), count(*), 0", name)[0]
        for name in ("dashboard.v_top_services_corrected", "dashboard.v_top_services")
    )

    assert abs(corrected[0] - came_in) <= Decimal("0.005") * corrected[1]
    assert documented[0] > came_in * Decimal("1.5")


def test_the_documents_own_example_shows_the_difference(looking: Plain) -> None:
    """A booking of three services for 100 was told as 300; three sessions, one done, as three completed."""
    with looking.transaction(force_rollback=True):
        looking.execute("delete from public.conversation_sessions_v2")
        client = looking.execute("select id from public.clients_v2").fetchone()
        meta = {"services_mentioned": list(SERVICES[:3])}
        for status in ("done", "dropped", "escalated"):
            insert(looking, "public.conversation_sessions_v2", session_id=uuid4(), tenant_id=AURORA,
                   user_id=client and client[0], channel="telegram", started_at=FIRST, final_status=status,
                   booking_id="1" if status == "done" else None, booking_amount=100,
                   meta=json.dumps(meta))  # fmt: skip
        told = {
            name: asked(looking, f"{column}, 0, 0", f"dashboard.{name}")[0][0]
            for name, column in (("v_top_services", "sum(total_revenue)"), ("v_conversion_funnel", "sum(completed)"),
                                 ("v_top_services_corrected", "sum(total_revenue)"),
                                 ("v_conversion_funnel_corrected", "sum(completed)"))
        }  # fmt: skip

    assert (told["v_top_services"], told["v_conversion_funnel"]) == (300, 3)
    assert (told["v_top_services_corrected"], told["v_conversion_funnel_corrected"]) == (Decimal("99.99"), 1)


def test_a_status_that_is_missing_is_other(looking: Plain) -> None:
    """A bot of somebody else's may leave it empty."""
    with looking.transaction(force_rollback=True):
        looking.execute("alter table public.conversation_sessions_v2 alter column final_status drop not null")
        looking.execute("update public.conversation_sessions_v2 set final_status = null")
        [row] = asked(looking, "sum(other) = sum(total_sessions), sum(completed), sum(dropped_at_time) > 0",
                      "dashboard.v_conversion_funnel_corrected")  # fmt: skip

    assert row == (True, 0, True)
