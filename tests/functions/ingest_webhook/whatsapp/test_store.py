"""What a customer writes is stored once, for the desk that it came to, and a poison row costs no other."""

import time
from collections import Counter

from tests.functions.ingest_webhook.whatsapp.world import (
    DUPLICATE,
    PHOTO,
    STORED,
    World,
    at_once,
    chatflow,
    cloud,
    cloud_text,
    new_id,
    new_jid,
    photo,
)
from tests.helpers import canaries


def test_a_message_makes_its_customer_and_conversation(world: World) -> None:
    jid = new_jid()
    body = chatflow(jid, "Вы завтра работаете?")

    assert world.json(body).json() == STORED

    talk = world.conversation(jid)
    assert (talk["phone"], talk["name"], talk["status"]) == (jid.partition("@")[0], canaries.CLIENT, "open")
    [message] = world.messages(jid)
    assert (message["role"], message["content"], message["client_id"]) == (
        "user", "Вы завтра работаете?", world.desks["chatflow"].id)  # fmt: skip
    assert message["external_id"] == body["metadata"]["messageId"]
    assert message["metadata"] | {"sent_at": ""} == {"kind": "text", "media": None, "sent_at": "", "quoted_id": None}


def test_a_file_keeps_what_is_needed_to_fetch_it(world: World) -> None:
    jid = new_jid()
    world.json(photo(jid))

    [message] = world.messages(jid)
    assert message["content"] == "Так хочу"
    media = {"url": PHOTO["url"], "mime": "image/jpeg", "file_name": None, "caption": "Так хочу", "id": None}
    assert (message["metadata"]["kind"], message["metadata"]["media"]) == ("image", media)


def test_a_customer_has_the_newest_name_that_they_gave_themselves(world: World) -> None:
    jid = new_jid()
    names = []
    for name in (None, "Айгерим", "", "Айгерим К."):
        world.json(chatflow(jid, metadata={"sender": name}))
        names.append(world.conversation(jid)["name"])

    assert names == [None, "Айгерим", "Айгерим", "Айгерим К."]


async def test_a_repetition_changes_nothing_even_twenty_at_once(world: World) -> None:
    jid = new_jid()
    body = chatflow(jid)

    answers = await at_once(world.served.url, [body] * 20)

    assert Counter(str(response.json()) for response in answers) == {str(STORED): 1, str(DUPLICATE): 19}
    before = world.conversation(jid)
    assert world.json(body).json() == DUPLICATE
    assert world.conversation(jid) == before
    assert len(world.messages(jid)) == 1


async def test_many_new_customers_at_once_are_each_made_once(world: World) -> None:
    people = [new_jid() for _ in range(8)]
    bodies = [chatflow(jid, f"{jid} {number}") for jid in people for number in range(8)]

    answers = await at_once(world.served.url, bodies[::3] + bodies[1::3] + bodies[2::3])

    assert [response.json() for response in answers] == [STORED] * 64
    for jid in people:
        assert {row["content"] for row in world.messages(jid)} == {f"{jid} {number}" for number in range(8)}
        world.conversation(jid)


def test_messages_that_come_out_of_order_are_all_kept_and_repetitions_between_them_are_not(world: World) -> None:
    jid, now = new_jid(), int(time.time())
    newer, older = (chatflow(jid, words, metadata={"timestamp": at}) for words, at in (("2", now), ("1", now - 60)))

    assert [world.json(body).json() for body in (newer, older, newer, older)] == [STORED, STORED, DUPLICATE, DUPLICATE]
    assert [row["content"] for row in world.messages(jid)] == ["2", "1"]


def test_two_desks_with_the_same_customer_and_the_same_ids_are_kept_apart(world: World) -> None:
    other = world.add_desk("other")
    jid, message_id = new_jid(), new_id()

    assert world.json(chatflow(jid, "нам", message_id)).json() == STORED
    assert world.json(chatflow(jid, "им", message_id), "other").json() == STORED

    assert [row["content"] for row in world.messages(jid, world.desks["chatflow"].id)] == ["нам"]
    assert [row["content"] for row in world.messages(jid, other.id)] == ["им"]


async def test_two_desks_are_kept_apart_in_one_transaction_too(world: World) -> None:
    other = world.add_desk("other-at-once", "whatsapp_cloud")
    jid, message_id = new_jid(), new_id()
    batch = cloud(*(cloud_text(jid, f"{message_id}{number}") for number in range(20)))

    for path in ("whatsapp_cloud", "other-at-once"):
        assert world.signed(batch, path).json() == STORED | {"stored": 20}
    for client in (world.desks["whatsapp_cloud"].id, other.id):
        assert len(world.messages(jid, client)) == 20


# Poison -------------------------------------------------------------------------------------------


async def test_one_poison_message_never_costs_its_neighbours(world: World) -> None:
    world.connection.execute("""
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
        answers = await at_once(world.served.url, bodies)
    finally:
        world.connection.execute("drop trigger spit on support.messages; drop function support.spit")

    assert [response.status_code for response in answers] == [500 if number % 10 == 5 else 200 for number in range(40)]
    assert [len(world.messages(jid)) for jid in people] == [0 if number % 10 == 5 else 1 for number in range(40)]
    printed = world.served.output.read_text()
    assert [word for word in (*canaries.ALL, "cannot bear") if word in printed] == []
