"""carillon people forget."""

import psycopg
import pytest
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.helpers.worlds.support import insert
from tests.infra.cli.conftest import Carillon
from tests.infra.cli.forgetting.leftovers import archived, tables_with

Plain = psycopg.Connection[DictRow]

STUDENT_ID, OTHER_ID, MENTOR_CHAT = "512000001", "512000002", 700_000_101
OTHER_EMAIL, MENTOR_EMAIL = "other@example.com", "mentor@example.com"


@pytest.fixture
def bot(connection: Plain) -> int:
    """A school with a mentor, who was told of two students' answers, and everything that is kept of the three."""
    bot, source = arrange.bot(connection), arrange.source(connection)
    mentor = arrange.mentor(connection, getcourse_id="498000001", telegram_id=MENTOR_CHAT, email=MENTOR_EMAIL)
    connection.execute("insert into platform.starts (bot_id, chat_id) values (%s, %s)", (bot, MENTOR_CHAT))
    for getcourse_id, email, last_name in (
        (STUDENT_ID, canaries.EMAIL, canaries.STUDENT), (OTHER_ID, OTHER_EMAIL, "Другая"),
    ):  # fmt: skip
        student = arrange.student(
            connection, getcourse_id=getcourse_id, email=email, first_name="Вера", last_name=last_name
        )
        arrange.mapping(connection, student, mentor, "1")
        event = arrange.event(
            connection, source_id=source, answer_id=getcourse_id, user_id=getcourse_id, user_email=email,
            answer_text=f"answer of {last_name}", raw_payload=Jsonb({"user_email": email}), raw_body=email.encode(),
        )  # fmt: skip
        sent = insert(
            connection, "platform.outbox", bot_id=bot, chat_id=MENTOR_CHAT, lane=str(MENTOR_CHAT),
            kind="getcourse/answer",
            method="sendMessage", payload=Jsonb({"text": last_name}), dedup_key=f"n/{event}", correlation_id="c",
            policy="at_least_once", state="sent", finished_at="now",
        )  # fmt: skip
        insert(
            connection, "getcourse.notifications", mentor_id=mentor, type="answerToLesson", message=last_name,
            webhook_event_id=event, outbox_id=sent, message_hash=last_name,
        )  # fmt: skip
        insert(
            connection, "getcourse.account_events", source_id=source, event_types=["dealPaid"], object_id="1",
            event_date="now", natural_key=getcourse_id.encode().ljust(32), correlation_id="c",
            raw_payload=Jsonb({"user": {"gcId": int(getcourse_id), "email": email.upper()}}),
        )  # fmt: skip
        insert(
            connection, "platform.inbox", source_id=source, reason="r", correlation_id="c", query=f"e={email}".encode(),
            delivery_hash=getcourse_id.encode().ljust(32),
        )  # fmt: skip
    insert(
        connection, "getcourse.notifications", mentor_id=mentor, type="deadlineApproaching", status="sent",
        message=f"Вера {canaries.STUDENT}, Вера Другая", message_hash="deadline",
    )  # fmt: skip
    return bot


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("address", [canaries.EMAIL, canaries.EMAIL.upper(), STUDENT_ID])
def test_a_student_goes_by_any_address_and_nobody_else_does(
    carillon: Carillon, connection: Plain, address: str
) -> None:
    [event] = rows(connection, "select id from getcourse.webhook_events where user_id = %s", STUDENT_ID)
    for table in ("getcourse.webhook_events", "getcourse.account_events", "getcourse.notifications", "platform.inbox"):
        archived(connection, table, f'{{"webhook_event_id": {event["id"]}1}}')
    others = set(tables_with(connection, OTHER_EMAIL, OTHER_ID, "Другая"))
    assert len(tables_with(connection, canaries.EMAIL, STUDENT_ID, canaries.STUDENT)) == 7

    done = carillon("people", "forget", address, "--yes")

    assert (done.code, done.err) == (0, "")
    assert "getcourse.webhook_events: 1 row went" in done.out
    assert "getcourse.account_events: 1 row went" in done.out
    assert "platform.archive_queue: 5 rows went" in done.out
    assert tables_with(connection, canaries.EMAIL, STUDENT_ID, canaries.STUDENT) == []
    assert set(tables_with(connection, OTHER_EMAIL, OTHER_ID, "Другая")) == others
    left = rows(connection, "select lines from platform.archive_queue where lines like '%%1}'")
    assert len(left) == 4, "the numbers of others begin alike"
    hashes = rows(connection, "select message_hash from getcourse.notifications order by 1")
    assert [row["message_hash"] for row in hashes] == ["deadline", "Другая"], "nobody is told twice"


@pytest.mark.parametrize("address", [MENTOR_EMAIL, str(MENTOR_CHAT), "498000001"])
def test_a_mentor_goes_with_what_was_told_and_the_answers_stay(
    carillon: Carillon, connection: Plain, bot: int, address: str
) -> None:
    done = carillon("people", "forget", address, "--yes")

    assert (done.code, bot) == (0, 1)
    assert tables_with(connection, MENTOR_EMAIL, str(MENTOR_CHAT), "498000001") == []
    assert len(rows(connection, "select from getcourse.webhook_events")) == 2
    assert len(rows(connection, "select from getcourse.students")) == 2


@pytest.mark.usefixtures("bot")
def test_somebody_whom_only_an_answer_names_goes_too(carillon: Carillon, connection: Plain) -> None:
    arrange.event(connection, user_id="599999999", answer_id="9")

    assert carillon("people", "forget", "599999999", "--yes").code == 0
    assert tables_with(connection, "599999999") == []


@pytest.mark.usefixtures("bot")
def test_who_cannot_be_told_apart_or_is_unknown_is_an_error(carillon: Carillon, connection: Plain) -> None:
    nobody = carillon("people", "forget", "nobody@example.com", "--yes")
    arrange.mentor(connection, getcourse_id="600000001", telegram_id=600_000_009, email="one@example.com")
    arrange.mentor(connection, getcourse_id="600000009", telegram_id=600_000_002, email="two@example.com")
    twins = carillon("people", "forget", "600000009", "--yes")

    assert (nobody.code, "nobody is known by this" in nobody.err) == (1, True)
    assert (twins.code, "several people" in twins.err) == (1, True)
