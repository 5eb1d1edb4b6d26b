"""What the client says is written down once, for the desk whose it is, and poison costs nobody else."""

import time
from collections import Counter

from tests.functions.ingest_webhook.whatsapp.gate import (
    DUPLICATE,
    PHOTO,
    STORED,
    Gate,
    at_once,
    chatflow,
    cloud,
    cloud_text,
    new_id,
    new_jid,
    photo,
)
from tests.helpers import canaries


def test_a_message_makes_its_person_and_conversation(gate: Gate) -> None:
    jid = new_jid()
    body = chatflow(jid, "Вы завтра работаете?")

    assert gate.json(body).json() == STORED

    talk = gate.conversation(jid)
    assert (talk["phone"], talk["name"], talk["status"]) == (jid.partition("@")[0], canaries.CLIENT, "open")
    [message] = gate.messages(jid)
    assert (message["role"], message["content"], message["client_id"]) == (
        "user", "Вы завтра работаете?", gate.desks["chatflow"].client)  # fmt: skip
    assert message["external_id"] == body["metadata"]["messageId"]
    assert message["metadata"] | {"sent_at": ""} == {"kind": "text", "media": None, "sent_at": "", "quoted_id": None}


def test_a_file_keeps_what_is_needed_to_fetch_it(gate: Gate) -> None:
    jid = new_jid()
    gate.json(photo(jid))

    [message] = gate.messages(jid)
    assert message["content"] == "Так хочу"
    media = {"url": PHOTO["url"], "mime": "image/jpeg", "file_name": None, "caption": "Так хочу", "id": None}
    assert (message["metadata"]["kind"], message["metadata"]["media"]) == ("image", media)


def test_a_person_is_called_as_they_call_themselves_now(gate: Gate) -> None:
    jid = new_jid()
    told = []
    for name in (None, "Айгерим", "", "Айгерим К."):
        gate.json(chatflow(jid, metadata={"sender": name}))
        told.append(gate.conversation(jid)["name"])

    assert told == [None, "Айгерим", "Айгерим", "Айгерим К."]


async def test_a_repetition_changes_nothing_even_twenty_at_once(gate: Gate) -> None:
    jid = new_jid()
    body = chatflow(jid)

    answers = await at_once(gate.served.url, [body] * 20)

    assert Counter(str(one.json()) for one in answers) == {str(STORED): 1, str(DUPLICATE): 19}
    before = gate.conversation(jid)
    assert gate.json(body).json() == DUPLICATE
    assert gate.conversation(jid) == before
    assert len(gate.messages(jid)) == 1


async def test_a_crowd_of_new_people_makes_each_once(gate: Gate) -> None:
    people = [new_jid() for _ in range(8)]
    bodies = [chatflow(jid, f"{jid} {number}") for jid in people for number in range(8)]

    answers = await at_once(gate.served.url, bodies[::3] + bodies[1::3] + bodies[2::3])

    assert [one.json() for one in answers] == [STORED] * 64
    for jid in people:
        assert {row["content"] for row in gate.messages(jid)} == {f"{jid} {number}" for number in range(8)}
        gate.conversation(jid)


def test_messages_that_come_out_of_order_are_all_kept_and_repetitions_between_them_are_not(gate: Gate) -> None:
    jid, now = new_jid(), int(time.time())
    newer, older = (chatflow(jid, words, metadata={"timestamp": at}) for words, at in (("2", now), ("1", now - 60)))

    assert [gate.json(one).json() for one in (newer, older, newer, older)] == [STORED, STORED, DUPLICATE, DUPLICATE]
    assert [row["content"] for row in gate.messages(jid)] == ["2", "1"]


def test_two_desks_with_the_same_person_and_the_same_ids_are_kept_apart(gate: Gate) -> None:
    other = gate.add_desk("other")
    jid, message_id = new_jid(), new_id()

    assert gate.json(chatflow(jid, "нам", message_id)).json() == STORED
    assert gate.json(chatflow(jid, "им", message_id), "other").json() == STORED

    assert [row["content"] for row in gate.messages(jid, gate.desks["chatflow"].client)] == ["нам"]
    assert [row["content"] for row in gate.messages(jid, other.client)] == ["им"]


async def test_so_they_are_when_they_come_together(gate: Gate) -> None:
    other = gate.add_desk("other-at-once", "whatsapp_cloud")
    jid, message_id = new_jid(), new_id()
    batch = cloud(*(cloud_text(jid, f"{message_id}{number}") for number in range(20)))

    for path in ("whatsapp_cloud", "other-at-once"):
        assert gate.signed(batch, path).json() == STORED | {"stored": 20}
    for client in (gate.desks["whatsapp_cloud"].client, other.client):
        assert len(gate.messages(jid, client)) == 20


# Poison -------------------------------------------------------------------------------------------


async def test_one_poison_message_never_costs_its_neighbours(gate: Gate) -> None:
    gate.connection.execute("""
        create function support.spit() returns trigger language plpgsql as $$
        begin
            if new.external_id like 'poison%' then raise exception 'cannot bear %', new.content; end if;
            return new;
        end $$;
        create trigger spit before insert on support.messages for each row execute function support.spit()
    """)
    people = [new_jid() for _ in range(40)]
    bodies = [
        chatflow(jid, message_id=f"poison-{new_id()}" if number % 10 == 5 else "") for number, jid in enumerate(people)
    ]
    try:
        answers = await at_once(gate.served.url, bodies)
    finally:
        gate.connection.execute("drop trigger spit on support.messages; drop function support.spit")

    assert [one.status_code for one in answers] == [500 if number % 10 == 5 else 200 for number in range(40)]
    assert [len(gate.messages(jid)) for jid in people] == [0 if number % 10 == 5 else 1 for number in range(40)]
    printed = gate.served.output.read_text()
    assert [word for word in (*canaries.ALL, "cannot bear") if word in printed] == []
