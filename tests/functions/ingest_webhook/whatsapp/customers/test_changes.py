"""A customer changes number: they are still who they were, and the number is nobody's until somebody writes from it."""

from typing import Any

import pytest

from tests.functions.ingest_webhook.whatsapp.customers.office import Office, change, message, person
from tests.helpers import canaries


def digits(address: str) -> str:
    return address.partition("@")[0]


def test_the_new_number_leads_to_the_same_conversation_and_replies_go_there(office: Office) -> None:
    former, new = person(), person()
    first, second = message(former.phone, former.scoped), message(new.phone, new.scoped)
    office.write(first)
    request = office.open_handover(office.conversation_of(first))

    stored = office.write(change([former.phone, former.scoped], [new.phone, new.scoped]))
    office.write(second)

    conversation = office.conversation_of(first)
    found = office.locked(conversation)
    assert office.conversation_of(second) == conversation
    assert (found.recipient, found.phone) == (new.phone, digits(new.phone))
    assert found.handover is not None
    assert (found.handover.id, found.open_status) == (request, "pending")
    assert office.notices(conversation) == [
        f"📇 Клиент сменил номер: теперь +{digits(new.phone)}. Ваши ответы уйдут туда."
    ]
    assert (stored.counts["stored"], stored.bot_id) == (1, office.desk.telegram_bot)
    assert office.addresses(found.user_id) == {new.phone, new.scoped}


def test_the_former_number_belongs_to_whoever_writes_from_it_next(office: Office) -> None:
    former, new, stranger = person(), person(), person()
    first, theirs = message(former.phone), message(former.phone, stranger.scoped)
    moved = change([former.phone], [new.phone], "wamid.moved-once")
    for record in (first, moved, theirs, moved, message(new.phone)):  # Meta repeats for days
        office.write(record)

    assert office.conversation_of(theirs) != office.conversation_of(first)
    assert office.locked(office.conversation_of(theirs)).recipient == former.phone
    assert office.locked(office.conversation_of(first)).recipient == new.phone


def test_a_change_of_the_id_alone_keeps_the_number(office: Office) -> None:
    former, new = person(), person()
    first = message(former.phone, former.scoped)
    office.write(first)

    office.write(change([former.phone, former.scoped], [former.phone, new.scoped]))

    [customer] = office.customers(former)
    assert office.addresses(customer["id"]) == {former.phone, new.scoped}
    assert office.locked(office.conversation_of(first)).recipient == former.phone


def test_whoever_has_no_number_is_known_by_the_former_id(office: Office) -> None:
    former, new = person(), person()
    first = message(former.scoped)
    office.write(first)

    office.write(change([former.scoped], [new.scoped]))

    assert office.locked(office.conversation_of(first)).recipient == new.scoped


def test_the_change_and_the_next_message_in_one_call_in_either_order(office: Office) -> None:
    for turned in (False, True):
        former, new = person(), person()
        first, second = message(former.phone, former.scoped), message(new.phone, new.scoped)
        moved = change([former.phone, former.scoped], [new.phone, new.scoped])
        office.write(first)

        office.write(*((second, moved) if turned else (moved, second)))

        assert office.conversation_of(second) == office.conversation_of(first)
        assert office.locked(office.conversation_of(first)).recipient == new.phone


def test_a_number_that_is_somebody_elses_already_joins_nobody(office: Office) -> None:
    former, new = person(), person()
    first, other = message(former.phone, former.scoped), message(new.phone)
    for record in (first, other):
        office.write(record)
        office.open_handover(office.conversation_of(record))

    office.write(change([former.phone, former.scoped], [new.phone]))
    later, reused = message(new.phone), message(former.phone)
    office.write(later)
    office.write(reused)

    mine, theirs = office.conversation_of(first), office.conversation_of(other)
    assert office.conversation_of(later) == theirs != mine
    assert office.conversation_of(reused) not in (mine, theirs)
    assert office.locked(mine).recipient == new.phone  # where the customer of this topic is now
    assert [office.locked(conversation).open_status for conversation in (mine, theirs)] == ["pending", "pending"]
    [told], [told_there] = office.notices(mine), office.notices(theirs)
    assert f"+{digits(new.phone)}" in told
    assert "не объединены" in told_there


def test_a_change_of_nobody_we_know_is_no_customer(office: Office) -> None:
    former, new = person(), person()

    stored = office.write(change([former.phone], [new.phone]))

    assert office.customers(former, new) == []
    assert stored.counts["stored"] == 0


@pytest.mark.parametrize("standing", ["handover", "topic", "phone"])
def test_two_halves_of_a_person_go_on_where_people_are_at_work(office: Office, standing: str) -> None:
    whoever = person()
    hidden, phone = message(whoever.scoped), message(whoever.phone)
    office.write(hidden)
    office.write(phone)
    halves: dict[str, Any] = {"hidden": office.conversation_of(hidden), "phone": office.conversation_of(phone)}
    if standing == "handover":
        office.open_handover(halves["hidden"])
    if standing != "phone":
        add_topic(office, halves["hidden" if standing == "topic" else "phone"])
    stays, leaves = (halves["phone"], halves["hidden"]) if standing == "phone" else (halves["hidden"], halves["phone"])

    office.write(message(whoever.phone, whoever.scoped))
    later = [message(whoever.scoped), message(whoever.phone), message(whoever.phone, from_me=True)]
    office.write(*later)

    assert {office.conversation_of(record) for record in later} == {stays}
    assert office.locked(leaves).recipient == office.locked(stays).recipient == whoever.phone
    assert office.locked(leaves).moved_to == office.locked(stays).user_id
    assert len(office.rows("select from support.messages where conversation_id = %s", leaves)) == 1
    if standing == "handover":
        assert "один человек" in office.notices(stays)[0]
        assert "один человек" in office.notices(leaves)[0]


def test_an_echo_joins_halves_takes_the_request_over_and_silences_the_bot(office: Office) -> None:
    whoever = person()
    asked = message(whoever.scoped, text="Позовите менеджера")
    office.write(asked)
    office.write(message(whoever.phone, from_me=True))
    request = office.open_handover(office.conversation_of(asked))

    office.write(message(whoever.phone, whoever.scoped, from_me=True, text="Сейчас отвечу"))
    office.write(message(whoever.phone, from_me=True, text="Уже пишу"))

    found = office.locked(office.conversation_of(asked))
    assert found.handover is not None
    assert (found.handover.id, found.handover.status, found.bot.bot_status) == (request, "active", "muted")


def test_the_words_that_left_from_the_abandoned_topic_are_known_as_ours_when_they_come_back(office: Office) -> None:
    whoever = person()
    hidden, phone = message(whoever.scoped), message(whoever.phone)
    office.write(hidden)
    office.write(phone)
    office.write(message(whoever.phone, whoever.scoped))
    abandoned = office.conversation_of(hidden)
    sent = office.reply(abandoned, "Да, ждём вас")

    stored = office.write(message(whoever.phone, from_me=True, text="Да, ждём вас"))

    assert sent["recipient"] == whoever.phone
    assert (stored.counts["ignored"], stored.counts["stored"]) == (1, 0)
    assert office.locked(office.conversation_of(phone)).bot.bot_status == "active"


def test_nobody_is_joined_by_a_name(office: Office) -> None:
    first, second = message(person().phone), message(person().scoped)
    office.write(first, second)

    assert first.name == second.name == canaries.CLIENT
    assert office.conversation_of(first) != office.conversation_of(second)


def test_old_code_that_inserts_customers_alone_leaves_their_address(office: Office) -> None:
    whoever = person()
    [row] = office.rows(
        "insert into support.users (client_id, remote_jid) values (%s, %s) returning id", office.desk.id, whoever.phone
    )
    first = message(whoever.phone, whoever.scoped)
    office.write(first)

    assert office.locked(office.conversation_of(first)).user_id == row["id"]
    assert office.addresses(row["id"]) == {whoever.phone, whoever.scoped}


def add_topic(office: Office, conversation: Any) -> None:
    office.connection.execute(
        """insert into platform.topics (bot_id, chat_id, key, name)
           select %s, %s, 'support/user/' || user_id, 'Клиент' from support.conversations where id = %s""",
        (office.desk.telegram_bot, office.desk.chat, conversation),
    )
