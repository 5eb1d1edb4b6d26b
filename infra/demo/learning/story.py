"""The story of a lesson in three tabs: one session, one reply per click, and nothing half said is kept."""

import asyncio
from typing import Any
from uuid import uuid4

from infra.demo.learning.example import NEIGHBOUR, PHONE
from infra.demo.learning.scene import Phone, answered, short
from infra.demo.world import Story, World, expect

STORY = Story()
CHECKING = "Как проверить, что группы сошлись с общим итогом?"
UPSTREAM = "Спасибо, цифры вижу. А сколько из этой выручки принесли покупатели, которые вернулись?"


@STORY.step
async def opening(world: World) -> str:
    """A pupil opens the track; the app is nervous and says so twenty times at once."""
    phone = Phone(world, PHONE)
    answers = await asyncio.gather(*(phone.open() for _ in range(20)))
    statuses = sorted(answer.status_code for answer in answers)
    expect(statuses == [200] * 19 + [201], f"it was answered {statuses}")
    expect(len({answer.text for answer in answers}) == 1, "there are several sessions")
    threads = answers[0].json()["threads"]
    expect(sorted(threads) == ["chat", "practice", "simulation"], f"there are threads for {sorted(threads)}")
    return "One session, and one thread for each of the three tabs: 201 once, 200 nineteen times"


@STORY.step
async def question(world: World) -> str:
    """She asks in the chat: «Чем WHERE отличается от HAVING?»."""
    phone = Phone(world, PHONE)
    words, known = "Чем WHERE отличается от HAVING?", {"student_name": "Ника"}
    told = answered(await phone.ask("chat", words, _key(), context=known))
    asked = world.sandbox.model.journal[-1]["asked"]["messages"][0]["content"]
    expect("Имя ученика: Ника" in asked and "7. Соединения" in asked, "the prompt is not the track's")
    expect("{{" not in asked, "the prompt has an empty place")
    said = await phone.thread("chat")
    expect([(one["seq"], one["role"]) for one in said] == [(1, "user"), (2, "assistant")], f"stored: {said}")
    return f"The mentor knows her name and the track: «{short(told)}» Stored: her question, then the reply"


@STORY.step
async def double_click(world: World) -> str:
    """Another question; the button is pressed twice, and once more a moment later, with the same Idempotency-Key."""
    phone, key, before = Phone(world, PHONE), _key(), _calls(world)
    words = "Почему нельзя сравнить с NULL через знак равенства?"
    both = await asyncio.gather(phone.ask("chat", words, key), phone.ask("chat", words, key))
    answers = [*both, await phone.ask("chat", words, key)]
    told = answered(answers[0])
    expect(len({answer.text for answer in answers}) == 1, "the answers differ")
    expect(_calls(world) - before == 1, f"the model was called {_calls(world) - before} times")
    expect(len(await phone.thread("chat")) == 4, "not one question and one reply were added")
    return f"One call of the model, one reply, three times the same answer: «{short(told)}»"


@STORY.step
async def hint(world: World) -> str:
    """Practice: «Как найти покупателей без заказов?», and the app listens while the coach speaks."""
    phone = Phone(world, PHONE)
    events = await phone.listen("practice", "Как найти покупателей без заказов?", _key())
    pieces, last = [one for one in events if one.name == "delta"], events[-1]
    expect(last.name == "done", f"it ended with {last.name}")
    ahead = last.came_at - pieces[0].came_at
    expect(ahead > 0.1, f"the first piece came {ahead * 1000:.0f} ms before the end: all at once")
    whole = "".join(one.data["text"] for one in pieces)
    stored = [one["content"] for one in await phone.thread("practice") if one["role"] == "assistant"]
    expect(stored == [last.data["message"]] == [whole], "what is stored is not what was heard")
    return f"{len(pieces)} pieces, the first {ahead:.1f} s before the last; then stored once: «{short(whole)}»"


@STORY.step
async def broken_stream(world: World) -> str:
    """The connection to the model breaks in the middle of the next hint; the app tries again with the same key."""
    phone, key = Phone(world, PHONE), _key()
    before = await phone.thread("practice")
    world.sandbox.model.fail(does="break")
    events = await phone.listen("practice", CHECKING, key)
    expect({one.name for one in events[:-1]} == {"delta"} and events[-1].name == "error", "it did not break")
    expect(await phone.thread("practice") == before, "half a hint is stored")
    answered(await phone.ask("practice", CHECKING, key))
    expect(len(await phone.thread("practice")) == len(before) + 2, "the second try is not stored once")
    problem = events[-1].data
    return f"After {len(events) - 1} pieces an error ({problem['reason']}), and nothing is stored; the second try is"


@STORY.step
async def upstream(world: World) -> str:
    """Simulation: another agent has answered already, and the app has its reply stored."""
    phone, before = Phone(world, PHONE), _calls(world)
    words = "Отчёт готов: выручка за март — 412 тысяч, это на 8 % больше февраля."
    answered(await phone.ask("simulation", words, _key(), reply=UPSTREAM))
    [_, reply] = await phone.thread("simulation")
    expect(reply["content"] == UPSTREAM, "another reply is stored")
    expect(_calls(world) == before, "the model was asked")
    return f"Stored as it is ({reply['meta']['source']}), and no model was called: «{short(UPSTREAM)}»"


@STORY.step
async def unauthenticated(world: World) -> str:
    """The neighbour's phone asks for this session, and for one that never was."""
    neighbour, theirs = Phone(world, NEIGHBOUR), await Phone(world, PHONE).session()
    answers = [await neighbour.call("GET", f"/sessions/{one}/messages/chat") for one in (theirs, uuid4())]
    expect([one.status_code for one in answers] == [404, 404], f"answered {[one.status_code for one in answers]}")
    expect(answers[0].text == answers[1].text, "the answer tells that the session is there")
    return f"404 and 404, letter by letter the same: «{answers[0].json()['detail']}»"


@STORY.step
async def no_model(world: World) -> str:
    """The language model is down while the pupil answers in the simulation."""
    phone = Phone(world, PHONE)
    before = await phone.thread("simulation")
    world.sandbox.model.fail(does="status", status=500)
    answer = await phone.ask("simulation", "Треть: я посчитала тех, у кого больше одного заказа.", _key())
    problem: dict[str, Any] = answer.json()
    expect(answer.status_code == 503, f"it was answered {answer.status_code}")
    expect("retry-after" in answer.headers, "nobody says when to come back")
    expect(await phone.thread("simulation") == before, "a question without a reply is stored")
    return f"503 ({problem['reason']}, Retry-After: {answer.headers['retry-after']}): «{problem['detail']}»"


@STORY.step
async def synopsis(world: World) -> str:
    """She writes a synopsis, then a longer one."""
    phone = Phone(world, PHONE)
    path = f"/sessions/{await phone.session()}/synopsis"
    [*_, reply] = await phone.thread("chat")
    items = [
        {"text": "WHERE отбирает строки, HAVING — группы."},
        {"text": reply["content"], "messageId": reply["id"]},
    ]
    for known in (items[:1], items, items):  # the third time nothing is new
        await phone.call("POST", path, json={"items": known})
    found = (await phone.call("GET", path)).json()
    expect(found["live"]["items"] == items, f"live is {found['live']}")
    expect([one["items"] for one in found["snapshots"]] == [items[:1]], f"snapshots: {found['snapshots']}")
    return "The long one is live, the short one is kept as a snapshot; said again, it makes no third"


def _calls(world: World) -> int:
    return sum(1 for one in world.sandbox.model.journal if one["asked"])


def _key() -> str:
    """As an app makes one for each message that somebody writes."""
    return str(uuid4())
