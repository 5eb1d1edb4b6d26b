"""Rows that the database refuses, and what may be said of them."""

import json
from collections.abc import Iterator

import pytest

from tests.functions.ingest_webhook.getcourse.world import (
    STORED,
    World,
    answer,
    new_id,
    redelivered,
    subscription,
)
from tests.helpers import canaries


@pytest.fixture
def poison(world: World) -> Iterator[None]:
    """A database that cannot bear answers whose id begins with "poison", and says why in personal words."""
    world.connection.execute("""
        create function getcourse.spit() returns trigger language plpgsql as $$
        begin
            if new.answer_id like 'poison%' then
                raise exception 'cannot bear %', new.answer_text
                    using detail = new.user_email, hint = new.user_last_name;
            end if;
            return new;
        end $$;
        create trigger spit before insert on getcourse.webhook_events for each row execute function getcourse.spit()
    """)
    yield
    world.connection.execute("drop trigger spit on getcourse.webhook_events; drop function getcourse.spit")


@pytest.mark.usefixtures("poison")
async def test_one_poison_row_never_costs_its_neighbours(world: World) -> None:
    good = [new_id() for _ in range(60)]
    ids = [f"poison-{new_id()}" if n % 10 == 5 else good[n] for n in range(60)]

    responses = await redelivered(world.served.url, [answer(answer_id) for answer_id in ids])

    for answer_id, response in zip(ids, responses, strict=True):
        poisonous = answer_id.startswith("poison")
        assert response.status_code == (500 if poisonous else 200)
        assert len(world.events(answer_id)) == (0 if poisonous else 1)


async def test_a_row_whose_error_postgres_calls_operational_never_costs_its_neighbours(world: World) -> None:
    world.connection.execute("""
        create function getcourse.gag() returns trigger language plpgsql as $$
        begin
            if new.answer_id like 'gag%' then
                raise exception 'too much' using errcode = 'program_limit_exceeded';
            end if;
            return new;
        end $$;
        create trigger gag before insert on getcourse.webhook_events for each row execute function getcourse.gag()
    """)
    ids = [f"gag-{new_id()}" if n % 10 == 5 else new_id() for n in range(60)]
    try:
        responses = await redelivered(world.served.url, [answer(answer_id) for answer_id in ids])
    finally:
        world.connection.execute("drop trigger gag on getcourse.webhook_events; drop function getcourse.gag")
    lost = [answer_id for answer_id, response in zip(ids, responses, strict=True) if response.status_code != 200]
    assert lost == [answer_id for answer_id in ids if answer_id.startswith("gag")]


@pytest.mark.usefixtures("poison")
def test_what_postgres_says_of_a_row_reaches_neither_the_answer_nor_the_log(world: World) -> None:
    person = answer(f"poison-{new_id()}", user_first_name="Вера", user_last_name=canaries.STUDENT)
    response = world.json(person)
    assert response.status_code == 500
    printed = world.served.output.read_text()
    assert response.headers["x-correlation-id"] in printed
    for word in (canaries.ANSWER, canaries.EMAIL, canaries.STUDENT, canaries.SOURCE_SECRET, "cannot bear"):
        assert word not in response.text
        assert word not in printed


def test_a_failing_row_reaches_neither_the_answer_nor_the_log(world: World) -> None:
    world.connection.execute(
        "alter table getcourse.webhook_events add constraint no_fives check (user_id <> '55555') not valid"
    )
    try:
        response = world.json(answer(new_id(), user_id="55555"))
    finally:
        world.connection.execute("alter table getcourse.webhook_events drop constraint no_fives")
    assert response.status_code == 500
    printed = world.served.output.read_text()
    for word in ("Failing row", canaries.ANSWER, canaries.EMAIL):
        assert word not in response.text
        assert word not in printed


def test_a_crash_is_logged_with_its_class_and_location_and_the_id_that_the_caller_got(world: World) -> None:
    world.connection.execute(
        "alter table getcourse.webhook_events add constraint no_sixes check (user_id <> '66666') not valid"
    )
    try:
        response = world.json(answer(new_id(), user_id="66666"))
    finally:
        world.connection.execute("alter table getcourse.webhook_events drop constraint no_sixes")
    lines = [json.loads(line) for line in world.served.output.read_text().splitlines() if line.startswith("{")]
    [line] = [entry for entry in lines if entry["correlation_id"] == response.headers["x-correlation-id"]]
    assert (line["level"], line["event"], line["function"]) == ("ERROR", "crashed", "ingest_webhook")
    assert line["error"].startswith("CheckViolation at ")


def test_a_stored_webhook_is_one_line_of_the_log_with_numbers_only(world: World) -> None:
    response = world.json(subscription(new_id()))
    line = json.loads(world.served.output.read_text().splitlines()[-1])
    assert line["correlation_id"] == response.headers["x-correlation-id"]
    assert {key: line[key] for key in ("event", "source", *STORED)} == {
        "event": "webhook_stored",
        "source": "school",
        **STORED,
    }
