"""What updates mean: pure."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.telegram_webhook.updates.content import NO_CONTENT, Content, extract
from functions.telegram_webhook.updates.events import (
    AnyEvent,
    ChatClosed,
    ChatMigrated,
    ChatReopened,
    Contact,
    Edited,
    Handover,
    Ignored,
    MemberLeft,
    MessageRef,
    Press,
    PrivateEdit,
    PrivateMessage,
    Stats,
    TopicMessage,
)
from functions.telegram_webhook.updates.parse import parse
from shared.i18n.texts import Language
from shared.support.actor import Actor

PERSON, GROUP, SUPERGROUP = 700_000_101, -4_000_001, -1_001_900_000_001


def message(chat: int = PERSON, **more: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 5, "date": 1_770_000_000, "chat": {"id": chat}, **more}}


def membership(status: str, **more: Any) -> dict[str, Any]:
    change = {"chat": {"id": PERSON}, "new_chat_member": {"status": status, **more}, "old_chat_member": {}}
    return {"update_id": 1, "my_chat_member": change}


def without_content(event: AnyEvent) -> PrivateMessage:
    assert isinstance(event, PrivateMessage)
    return replace(event, content=NO_CONTENT, html="", start_argument="")


@pytest.mark.parametrize(
    ("text", "argument"),
    [("/start ref_17", "ref_17"), ("/start@school_bot ref-1", "ref-1"), ("/start", ""), ("/start a b", ""),
     ("/start ключ", ""), ("/start " + "a" * 65, "")],
)  # fmt: skip
def test_start_brings_the_argument_of_its_link(text: str, argument: str) -> None:
    started = parse(message(text=text), "school_bot")

    assert isinstance(started, PrivateMessage)
    assert started.start_argument == argument


def test_a_private_message_brings_its_words_its_contact_and_its_album() -> None:
    contact = {"phone_number": "+7999", "first_name": "A", "user_id": PERSON}
    sent, album = parse(message(contact=contact)), parse(message(photo=[{"file_id": "P"}], media_group_id="9"))

    assert isinstance(sent, PrivateMessage)
    assert isinstance(album, PrivateMessage)
    assert (sent.contact, sent.content.text) == (Contact(PERSON, "+7999"), "A\n+7999")
    assert (album.album, album.content.file and album.content.file.id) == ("9", "P")


@pytest.mark.parametrize("text", ["/start", "/start ref_17", "/start@school_bot", "/start@school_bot ref", "/start\nx"])
def test_start_is_seen_in_a_private_chat_and_brings_a_group_back(text: str) -> None:
    started = without_content(parse(message(text=text), "school_bot"))
    assert started == PrivateMessage(1, PERSON, is_start=True)
    assert parse(message(GROUP, text=text), "school_bot") == ChatReopened(GROUP)


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", "en"), ("en-GB", "en"), ("EN", "en"), ("ru", "ru"), ("kk", "ru"), ("eng", "ru"), ("", "ru"), (None, "ru"),
     (7, "ru"), (["en"], "ru")],
)  # fmt: skip
def test_who_comes_back_may_read_english(code: Any, language: Language) -> None:
    sender = {"id": PERSON, "language_code": code, "username": "anna"}
    started, let_in = message(text="/start"), membership("member")
    started["message"]["from"] = let_in["my_chat_member"]["from"] = sender

    expected = PrivateMessage(1, PERSON, is_start=True, username="anna", language=language)
    assert without_content(parse(started)) == expected
    assert parse(let_in) == ChatReopened(PERSON, language)


@pytest.mark.parametrize("text", ["/started", "start", "hello /start", "", "/stop", "/start@other_bot"])
def test_other_words_are_no_start(text: str) -> None:
    written = without_content(parse(message(text=text), "school_bot"))
    assert written == PrivateMessage(1, PERSON, is_start=False)
    assert isinstance(parse(message(GROUP, text=text), "school_bot"), Ignored)


@pytest.mark.parametrize(
    ("status", "more"),
    [("member", {}), ("administrator", {}), ("creator", {}), ("restricted", {"can_send_messages": True})],
)
def test_being_let_in_again_brings_a_chat_back(status: str, more: dict[str, Any]) -> None:
    assert parse(membership(status, **more)) == ChatReopened(PERSON)


@pytest.mark.parametrize("status", ["left", "restricted", "", "something new"])
def test_being_shut_out_does_not(status: str) -> None:
    assert isinstance(parse(membership(status)), Ignored)


def test_a_person_who_blocks_the_bot_closes_their_chat() -> None:
    assert parse(membership("kicked")) == ChatClosed(PERSON)


@pytest.mark.parametrize(
    ("content", "event"),
    [
        ({"text": "иначе", "edit_date": 1_770_000_045}, PrivateEdit),
        ({"text": "то же"}, Ignored),  # a reaction
        ({"location": {"latitude": 1, "longitude": 1}, "edit_date": 1_770_000_045}, Ignored),
    ],
)
def test_an_edit_of_words_to_the_bot_alone_is_told_from_a_reaction(content: dict[str, Any], event: type) -> None:
    edit = {"message_id": 5, "date": 1_770_000_000, "chat": {"id": PERSON}, "from": {"id": PERSON}, **content}

    assert isinstance(parse({"update_id": 1, "edited_message": edit}), event)


def test_a_group_that_became_a_supergroup_says_so_from_both_sides() -> None:
    move = ChatMigrated(GROUP, SUPERGROUP)

    assert parse(message(GROUP, migrate_to_chat_id=SUPERGROUP)) == move
    assert parse(message(SUPERGROUP, migrate_from_chat_id=GROUP)) == move


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"edited_message": {"chat": {"id": PERSON}, "text": "/start"}},
        {"channel_post": {"chat": {"id": GROUP}, "text": "/start"}},
        {"update_id": 1, "callback_query": {"id": "1", "data": "x", "message": {"chat": {"id": GROUP}, "date": 0}}},
        message(GROUP, migrate_to_chat_id=GROUP),
        message(GROUP, migrate_to_chat_id=2**63),
        message(GROUP, migrate_to_chat_id=True),
        {"message": {"chat": None, "text": "/start"}},
        {"message": {"chat": {"id": "700"}, "text": "/start"}},
        {"message": {"chat": {"id": PERSON}, "text": ["/start"]}},
        {"my_chat_member": {"chat": {"id": PERSON}, "new_chat_member": "member"}},
    ],
)
def test_whatever_else_comes_means_nothing(update: dict[str, Any]) -> None:
    assert isinstance(parse(update), Ignored)


IVAN = {"id": 7_100_000_001, "first_name": "Иван"}
_ids = st.integers(-(2**52), 2**52)
_people = st.integers(2**31, 2**52)  # below are those of Telegram's own bots


@given(update_id=_ids, chat=_ids, message_id=_ids, thread=_ids, person=_people)
def test_ids_of_any_size_arrive_whole(update_id: int, chat: int, message_id: int, thread: int, person: int) -> None:
    place = {"message_id": message_id, "chat": {"id": chat}, "message_thread_id": thread, "is_topic_message": True}
    by = {"id": person, "first_name": "Иван", "username": None, "last_name": None}
    query = {"id": "41", "from": by, "message": {**place, "date": 1}, "data": "support/take/1"}

    said = parse({"update_id": update_id, "message": {**place, "from": by, "text": "да"}})
    pressed = parse({"update_id": update_id, "callback_query": query})

    where = MessageRef(chat, message_id, thread)
    assert said == TopicMessage(update_id, where, Content("да"), "", Actor("Иван", person))
    assert pressed == Press(update_id, "41", where, "support/take/1", Actor("Иван", person))


@pytest.mark.parametrize("number", [None, "1", True, 1.0, 2**63, -(2**64), [1]])
def test_a_value_that_is_no_id_gives_no_event(number: Any) -> None:
    whole = {"message_id": 5, "chat": {"id": GROUP}, "from": IVAN, "text": "да", "message_thread_id": 7,
             "is_topic_message": True}  # fmt: skip

    assert isinstance(parse({"update_id": number, "message": whole}), Ignored)
    for name, value in (("message_id", number), ("chat", {"id": number}), ("from", {"id": number})):
        assert isinstance(parse({"update_id": 1, "message": {**whole, name: value}}), Ignored)
    assert isinstance(parse({"update_id": 1, "message": {**whole, "message_thread_id": number}}), Ignored)


@pytest.mark.parametrize(
    ("text", "username", "means"),
    [("/stats", None, Stats), ("/stats", "echo_bot", Stats), ("/stats@echo_bot", "echo_bot", Stats),
     ("/stats@Echo_Bot сейчас", "echo_bot", Stats), ("/stats@any_bot", None, Stats), ("/stats\n", None, Stats),
     ("/handover", None, Handover), ("/handover@echo_bot", "echo_bot", Handover),
     ("/stats@other_bot", "echo_bot", Ignored), ("/statsy", None, TopicMessage), ("/", None, TopicMessage),
     ("/Stats", None, TopicMessage), ("stats", None, TopicMessage)],
)  # fmt: skip
def test_commands_are_those_that_are_ours(text: str, username: str | None, means: type) -> None:
    update = message(GROUP, text=text, message_thread_id=7, is_topic_message=True, **{"from": IVAN})

    assert type(parse(update, username)) is means


def test_in_general_only_the_numbers_can_be_asked_for() -> None:
    ours = [parse(message(GROUP, text=text, **{"from": IVAN})) for text in ("/stats", "/handover", "привет")]

    assert ours[0] == Stats(1, MessageRef(GROUP, 5), Actor("Иван", 7_100_000_001))
    assert [type(event) for event in ours[1:]] == [Ignored, Ignored]


def test_an_answers_thread_in_a_group_without_topics_is_no_topic() -> None:
    assert isinstance(parse(message(GROUP, text="да", message_thread_id=7, **{"from": IVAN})), Ignored)


@pytest.mark.parametrize("text", ["\x00", "\ud83d", "а\x00б", "\ud83dпривет"])
def test_what_postgres_cannot_hold_is_replaced(text: str) -> None:
    content = extract({"text": text})

    assert content
    assert content.text
    said = content.text
    assert "\x00" not in said
    assert said.encode()


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["chat", "id", "text", "x", "from", "message", "message_id", "date", "data", "first_name", "location",
                 "latitude", "longitude", "contact", "venue", "photo", "caption", "message_thread_id",
                 "is_topic_message", "media_group_id", "sender_chat", "rich_message", "blocks", "type", "items",
                 "entities", "offset", "length", "url", "poll", "options", "checklist", "tasks", "dice", "button"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)  # fmt: skip
_KINDS = ["message", "my_chat_member", "update_id", "callback_query", "edited_message"]


@given(st.dictionaries(st.sampled_from(_KINDS), _json))
def test_no_update_of_any_shape_breaks_it(update: dict[str, Any]) -> None:
    known = (
        ChatReopened | ChatClosed | MemberLeft | PrivateMessage | PrivateEdit | Press | TopicMessage | Edited | Stats
        | Ignored
    )  # fmt: skip
    assert isinstance(parse(update), known)
