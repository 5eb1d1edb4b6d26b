"""The story of a lesson in three tabs: one session, one reply per click, and no half of a reply is stored."""

import asyncio
from typing import Any
from uuid import uuid4

from infra.demo.learning.example import NEIGHBOUR, PHONE
from infra.demo.learning.scene import Phone, reply, shorten
from infra.demo.player import Story
from infra.demo.world import World, expect
from shared.i18n.texts import Text

STORY = Story()
CHECKING = "Как проверить, что группы сошлись с общим итогом?"
UPSTREAM = "Спасибо, цифры вижу. А сколько из этой выручки принесли покупатели, которые вернулись?"


@STORY.step("Ученица открывает курс; приложение волнуется и говорит об этом двадцать раз сразу")
async def opening(world: World) -> Text:
    """A pupil opens the track; the app is nervous and says so twenty times at once."""
    phone = Phone(world, PHONE)
    responses = await asyncio.gather(*(phone.open() for _ in range(20)))
    statuses = {response.status_code for response in responses}
    expect(statuses == {200}, f"it was answered {statuses}")
    expect(len({response.text for response in responses}) == 1, "there are several sessions")
    threads = responses[0].json()["threads"]
    expect(sorted(threads) == ["chat", "practice", "simulation"], f"there are threads for {sorted(threads)}")
    return Text(
        en="One session, and one thread for each of the three tabs: 200 twenty times, so nobody learns who is new",
        ru="Одна сессия и по одной ветке на каждую из трёх вкладок: двадцать раз 200, и никто не узнает, "
        "кто здесь новый",
    )


@STORY.step("Она спрашивает в чате: «Чем WHERE отличается от HAVING?»")
async def question(world: World) -> Text:
    """She asks in the chat: «Чем WHERE отличается от HAVING?»."""
    phone = Phone(world, PHONE)
    context = {"student_name": "Ника", "level": "уверенный"}
    text = reply(await phone.ask("chat", "Чем WHERE отличается от HAVING?", _key(), context=context))
    prompt, beside, _ = (message["content"] for message in world.sandbox.model.journal[-1]["asked"]["messages"])
    expect("уровень: уверенный" in prompt and "7. Соединения" in prompt, "the prompt is not the track's")
    expect("{{" not in prompt, "the prompt has an empty place")
    expect("Ника" not in prompt and "> student_name: Ника" in beside, "her name does not stand beside the question")
    stored = await phone.thread("chat")
    positions = [(message["seq"], message["role"]) for message in stored]
    expect(positions == [(1, "user"), (2, "assistant")], f"stored: {stored}")
    return Text(
        en=f"The mentor knows her name and the track: «{shorten(text)}» Stored: her question, then the reply",
        ru=f"Наставник знает её имя и курс: «{shorten(text)}» Сохранены её вопрос и ответ",
    )


@STORY.step("Ещё вопрос; кнопку нажали дважды, и ещё раз чуть позже, с тем же Idempotency-Key")
async def double_click(world: World) -> Text:
    """Another question; the button is pressed twice, and once more a moment later, with the same Idempotency-Key."""
    phone, key, before = Phone(world, PHONE), _key(), _calls(world)
    asked = "Почему нельзя сравнить с NULL через знак равенства?"
    both = await asyncio.gather(phone.ask("chat", asked, key), phone.ask("chat", asked, key))
    responses = [*both, await phone.ask("chat", asked, key)]
    text = reply(responses[0])
    expect(len({response.text for response in responses}) == 1, "the answers differ")
    expect(_calls(world) - before == 1, f"the model was called {_calls(world) - before} times")
    expect(len(await phone.thread("chat")) == 4, "not one question and one reply were added")
    return Text(
        en=f"One call of the model, one reply, three times the same answer: «{shorten(text)}»",
        ru=f"Один вызов модели, один ответ, и трижды он же: «{shorten(text)}»",
    )


@STORY.step("Практика: «Как найти покупателей без заказов?», и приложение слушает, пока тренер говорит")
async def hint(world: World) -> Text:
    """Practice: «Как найти покупателей без заказов?», and the app listens while the coach speaks."""
    phone = Phone(world, PHONE)
    events = await phone.ask_streamed("practice", "Как найти покупателей без заказов?", _key())
    pieces, last = [event for event in events if event.name == "delta"], events[-1]
    expect(last.name == "done", f"it ended with {last.name}")
    ahead = last.came_at - pieces[0].came_at
    expect(ahead > 0.1, f"the first piece came {ahead * 1000:.0f} ms before the end: all at once")
    whole = "".join(piece.data["text"] for piece in pieces)
    stored = [message["content"] for message in await phone.thread("practice") if message["role"] == "assistant"]
    expect(stored == [last.data["message"]] == [whole], "what is stored is not what was streamed")
    return Text(
        en=f"{len(pieces)} pieces, the first {ahead:.1f} s before the last; then stored once: «{shorten(whole)}»",
        ru=f"Кусков {len(pieces)}, первый за {ahead:.1f} с до последнего; сохранено один раз: «{shorten(whole)}»",
    )


@STORY.step("Связь с моделью рвётся посреди следующей подсказки; приложение пробует снова с тем же ключом")
async def broken_stream(world: World) -> Text:
    """The connection to the model breaks in the middle of the next hint; the app tries again with the same key."""
    phone, key = Phone(world, PHONE), _key()
    before = await phone.thread("practice")
    world.sandbox.model.fail(does="break")
    events = await phone.ask_streamed("practice", CHECKING, key)
    expect({event.name for event in events[:-1]} == {"delta"} and events[-1].name == "error", "it did not break")
    expect(await phone.thread("practice") == before, "half a hint is stored")
    reply(await phone.ask("practice", CHECKING, key))
    expect(len(await phone.thread("practice")) == len(before) + 2, "the second try is not stored once")
    problem = events[-1].data
    return Text(
        en=f"After {len(events) - 1} pieces an error ({problem['reason']}), and nothing is stored; the second try is",
        ru=f"Кусков {len(events) - 1}, и ошибка ({problem['reason']}), и не сохранено ничего; вторая попытка сохранена",
    )


@STORY.step("Симуляция: другой агент уже ответил, и сервер просит сохранить его ответ; приложению так нельзя")
async def upstream(world: World) -> Text:
    """Simulation: another agent has answered already, and a server has its reply stored; an app may not."""
    server, before = Phone(world, PHONE, world.keys.learning_server_token), _calls(world)
    report = "Отчёт готов: выручка за март — 412 тысяч, это на 8 % больше февраля."
    reply(await server.ask("simulation", report, _key(), reply=UPSTREAM))
    [_, stored] = await server.thread("simulation")
    expect(stored["content"] == UPSTREAM, "another reply is stored")
    refused = await Phone(world, PHONE).ask("simulation", report, _key(), reply=UPSTREAM)
    expect(refused.status_code == 403, f"the app was answered {refused.status_code}")
    expect(_calls(world) == before, "the model was asked")
    source = stored["meta"]["source"]
    return Text(
        en=f"Stored as it is ({source}), and no model was called: «{shorten(UPSTREAM)}»",
        ru=f"Сохранён как есть ({source}), модель не вызывали: «{shorten(UPSTREAM)}»",
    )


@STORY.step("Телефон соседки спрашивает об этой сессии и о той, которой никогда не было")
async def unauthenticated(world: World) -> Text:
    """The neighbour's phone asks for this session, and for one that never was."""
    neighbour, theirs = Phone(world, NEIGHBOUR), await Phone(world, PHONE).session()
    sessions = (theirs, uuid4())
    responses = [await neighbour.call("GET", f"/sessions/{session}/messages/chat") for session in sessions]
    statuses = [response.status_code for response in responses]
    expect(statuses == [404, 404], f"answered {statuses}")
    expect(responses[0].text == responses[1].text, "the answer shows that the session exists")
    detail = responses[0].json()["detail"]
    return Text(en=f"404 and 404, byte by byte the same: «{detail}»", ru=f"404 и 404, до байта одинаковые: «{detail}»")


@STORY.step("Языковая модель лежит, пока ученица отвечает в симуляции")
async def no_model(world: World) -> Text:
    """The language model is down while the pupil answers in the simulation."""
    phone = Phone(world, PHONE)
    before = await phone.thread("simulation")
    world.sandbox.model.fail(does="status", status=500)
    response = await phone.ask("simulation", "Треть: я посчитала тех, у кого больше одного заказа.", _key())
    problem: dict[str, Any] = response.json()
    expect(response.status_code == 503, f"it was answered {response.status_code}")
    expect("retry-after" in response.headers, "nobody says when to come back")
    expect(await phone.thread("simulation") == before, "a question without a reply is stored")
    what = f"503 ({problem['reason']}, Retry-After: {response.headers['retry-after']}): «{problem['detail']}»"
    return Text(en=what, ru=what)


@STORY.step("Она пишет конспект, потом подлиннее")
async def synopsis(world: World) -> Text:
    """She writes a synopsis, then a longer one."""
    phone = Phone(world, PHONE)
    path = f"/sessions/{await phone.session()}/synopsis"
    [*_, last] = await phone.thread("chat")
    items = [
        {"text": "WHERE отбирает строки, HAVING — группы."},
        {"text": last["content"], "messageId": last["id"]},
    ]
    for known in (items[:1], items, items):  # the third time nothing is new
        await phone.call("POST", path, json={"items": known})
    found = (await phone.call("GET", path)).json()
    expect(found["live"]["items"] == items, f"live is {found['live']}")
    expect([snapshot["items"] for snapshot in found["snapshots"]] == [items[:1]], f"snapshots: {found['snapshots']}")
    return Text(
        en="The long one is live, the short one is kept as a snapshot; sent again, it makes no third",
        ru="Длинный действует, короткий остался снимком; присланный ещё раз, третьего он не делает",
    )


def _calls(world: World) -> int:
    return sum(1 for call in world.sandbox.model.journal if call["asked"])


def _key() -> str:
    """A new Idempotency-Key, as an app makes one for each message."""
    return str(uuid4())
