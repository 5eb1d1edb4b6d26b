"""The story of GetCourse, mentor notifications: what comes in, and who must be notified."""

import asyncio
from datetime import UTC, datetime, timedelta

from infra.demo.getcourse.example import (
    ADMIN_CHAT,
    ANNA,
    BORIS,
    DINA,
    EGOR,
    GLEB,
    LEV,
    N8N,
    PROCESS,
    RINGING,
    VERA,
    VIKA,
    ZOYA,
)
from infra.demo.getcourse.payloads import answer, as_the_process_names_it
from infra.demo.getcourse.scene import Scene, first_line
from infra.demo.player import Story
from infra.demo.world import World, expect
from shared.database import sql
from shared.i18n.texts import Text

QUESTION = "Кто проверит моё задание?"
STORY = Story()
STORED, DUPLICATE = {"stored": 1, "duplicates": 0, "unparsed": 0}, {"stored": 0, "duplicates": 1, "unparsed": 0}

_SQL = sql.load(__file__)


@STORY.step("Процесс GetCourse («Вызвать URL») шлёт форму, поля которой назвал администратор")
async def process_form(world: World) -> Text:
    """A GetCourse process («Вызвать URL») posts a form, its fields named by an administrator."""
    scene = Scene(world)
    form = answer(ANNA, "600001", "Моя аудитория: мамы в декрете, 25–35 лет & «сами себе продюсеры» + 100% желания")
    response = await scene.webhook(PROCESS, data=as_the_process_names_it(form))
    expect(response.json() == STORED, f"the webhook was answered {response.status_code}")
    return await scene.message(VERA, ANNA.name, "Кому нужна школа", "&amp; «сами себе продюсеры» + 100%")


@STORY.step("Собственная подписка GetCourse (set-uri): конверт, id в кавычках, ts64 и никакой почты")
async def subscription(world: World) -> Text:
    """GetCourse's own subscription (set-uri): an envelope, a quoted id, ts64, and no e-mail."""
    scene = Scene(world)
    answered = {
        "id": "'600002'", "text": "Колокол состоит из короны, юбки и языка", "type": "mission_answer", "status": "new",
        "user_id": int(EGOR.getcourse_id), "lesson_id": 940201, "training_id": int(RINGING), "questionary": [],
    }  # fmt: skip
    now = int(datetime.now(UTC).timestamp())
    body = {
        "json": {"eventType": "getcourse/lessonAnswerCreated", "ts64": now, "answer": answered, "gcAccountId": 77001}
    }
    await scene.webhook(PROCESS, json=body)
    arrived = await scene.message(ZOYA, EGOR.name, "короны, юбки и языка")
    [event] = await world.rows(_SQL["events"], answer="600002")
    expect(event["user_email"] == EGOR.email, "the e-mail was not filled in from the students")
    return arrived


@STORY.step("Прежний поток n8n шлёт плоский JSON источнику, который секунду собирает")
async def n8n(world: World) -> Text:
    """The n8n flow of before posts its flat JSON to a source that gathers for a second."""
    scene = Scene(world)
    await scene.webhook(N8N, json=answer(VIKA, "600003", "Провела три интервью", answer_lesson_id="940102"))
    return await scene.message(LEV, VIKA.name, "Интервью с учеником", "Провела три интервью")


@STORY.step("Один и тот же вебхук двадцать раз сразу")
async def twenty_times(world: World) -> Text:
    """The same webhook twenty times at once."""
    scene = Scene(world)
    same = answer(DINA, "600004", "Подобрала звон из пяти колоколов", answer_training_id=RINGING)
    responses = await asyncio.gather(*(scene.webhook(PROCESS, json=as_the_process_names_it(same)) for _ in range(20)))
    bodies = [response.json() for response in responses]
    expect(bodies.count(STORED) == 1, f"{bodies.count(STORED)} were stored")
    expect(bodies.count(DUPLICATE) == 19, f"{bodies.count(DUPLICATE)} were duplicates")
    arrived = await scene.message(ZOYA, DINA.name, "из пяти колоколов")
    return Text(
        en=f"One event, 19 duplicates, one message. {arrived.en}",
        ru=f"Одно событие, 19 повторов, одно сообщение. {arrived.ru}",
    )


@STORY.step("Ученик за секунду отвечает на три урока")
async def three_answers(world: World) -> Text:
    """One student answers three lessons within a second."""
    scene = Scene(world)
    texts = {"940101": "Школа нужна начинающим", "940102": "Поговорил с пятью людьми", "940103": "Программа готова"}
    for number, (lesson, text) in enumerate(texts.items(), start=5):
        await scene.webhook(N8N, json=answer(BORIS, f"60000{number}", text, answer_lesson_id=lesson))
    arrived = await scene.message(VERA, "3 новых ответа", *texts.values())
    expect(len(scene.delivered(VERA.chat, BORIS.name)) == 1, "the answers came one by one, too")
    return Text(en=f"One message that lists them. {arrived.en}", ru=f"Одно сообщение, в нём все. {arrived.ru}")


@STORY.step("Наставника сменили; один ответ на секунду старше, один — в самый миг")
async def replaced_in_the_middle(world: World) -> Text:
    """A mentor is replaced; one answer is a second older than that, one of the very moment."""
    scene = Scene(world)
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
    await world.rows(
        _SQL["replace_mentor"], student=GLEB.getcourse_id, training=RINGING, mentor=ZOYA.getcourse_id, at=moment
    )
    dated = {"Ответ до замены": moment - timedelta(seconds=1), "Ответ в миг замены": moment}
    for number, (text, at) in enumerate(dated.items(), start=11):
        fields = answer(GLEB, f"6000{number}", text, answer_training_id=RINGING, event_date=at.isoformat())
        await scene.webhook(PROCESS, json=as_the_process_names_it(fields))
    before, after = await scene.message(LEV, "до замены"), await scene.message(ZOYA, "в миг замены")
    wrong = scene.delivered(ZOYA.chat, "до замены") + scene.delivered(LEV.chat, "в миг замены")
    expect(not wrong, "somebody got an answer that was not theirs")
    return Text(en=f"{before.en}\n{after.en}", ru=f"{before.ru}\n{after.ru}")


@STORY.step("Дважды отвечает ученик, за которого не отвечает ни один наставник")
async def nobody_responsible(world: World) -> Text:
    """A student whom no mentor is responsible for answers twice."""
    scene = Scene(world)
    for number, lesson in ((13, "940201"), (14, "940203")):
        fields = answer(BORIS, f"6000{number}", QUESTION, answer_training_id=RINGING, answer_lesson_id=lesson)
        await scene.webhook(PROCESS, json=as_the_process_names_it(fields))
        row = await scene.arrival("the school's admin chat", ADMIN_CHAT, BORIS.name, "нет наставника")
    waiting = await world.rows(_SQL["backlog"])
    expect([event["error_message"] for event in waiting] == ["no_mentor"] * 2, f"the backlog shows {len(waiting)}")
    return Text(
        en=f"The admin chat, once: {first_line(row)}. Both wait in v_pending_webhooks",
        ru=f"Чат администраторов, один раз: {first_line(row)}. Оба ждут в v_pending_webhooks",
    )


@STORY.step("Связь починили и вывели всю историю заново (carillon replay)")
async def mended(world: World) -> Text:
    """Somebody mends the mapping and replays all of history (carillon replay)."""
    scene = Scene(world)
    sent_before = len(world.telegram.journal.find("sendMessage"))
    await world.rows(_SQL["map_student"], student=BORIS.getcourse_id, training=RINGING, mentor=LEV.getcourse_id)
    await scene.replay()
    await world.tick("dispatch_notifications")
    arrived = await scene.message(LEV, BORIS.name, QUESTION)
    more = len(world.telegram.journal.find("sendMessage")) - sent_before
    expect(more == 1, f"{more} messages were sent, not one")
    return Text(
        en=f"{arrived.en}; nobody else hears anything again",
        ru=f"{arrived.ru}; больше никому ничего не приходит снова",
    )


@STORY.step("Процесс шлёт подстановку, которую GetCourse не заполнил: {object.id}")
async def placeholder(world: World) -> Text:
    """A process sends a placeholder that GetCourse did not fill in: {object.id}."""
    scene = Scene(world)
    response = await scene.webhook(PROCESS, data={"id_otveta": "{object.id}", "id_uchenika": ANNA.getcourse_id})
    expect(response.status_code == 200, f"the webhook was answered {response.status_code}")
    [row] = await world.rows(_SQL["unparsed"])
    reason = row["reason"].removeprefix("unparsed: ")
    return Text(en=f"200, kept in v_unparsed: «{reason}»", ru=f"200, хранится в v_unparsed: «{reason}»")


@STORY.step("Кто-то звонит с чужим секретом")
async def unauthenticated(world: World) -> Text:
    """Somebody calls with a wrong secret."""
    scene = Scene(world)
    before = await world.rows(_SQL["stored"])
    response = await scene.webhook(PROCESS, secret="x" * 43, json=answer(ANNA, "600015", "Пустите"))
    expect(response.status_code == 404, f"the caller was answered {response.status_code}")
    expect(await world.rows(_SQL["stored"]) == before, "something was stored")
    return Text(
        en="404 with a constant body; nothing is stored", ru="404, ответ всегда один и тот же; ничего не сохранено"
    )


@STORY.step("Telegram отвечает 429, подождите секунду; и диспетчер вызван пять раз сразу")
async def rate_limited(world: World) -> Text:
    """Telegram answers 429, wait a second; and the dispatcher is called five times at once."""
    scene = Scene(world)
    world.telegram.faults.add(method="sendMessage", chat_id=VERA.chat, status=429, parameters={"retry_after": 1})
    await scene.webhook(PROCESS, json=as_the_process_names_it(answer(ANNA, "600016", "Исправила по замечаниям")))
    await asyncio.gather(*(world.tick("dispatch_notifications") for _ in range(5)))
    arrived = await scene.message(VERA, ANNA.name, "Исправила по замечаниям")
    refused = [row for row in world.telegram.journal.find("sendMessage", VERA.chat) if row.status == 429]
    expect(len(refused) == 1, f"Telegram refused {len(refused)} times")
    return Text(en=f"One refusal, one message. {arrived.en}", ru=f"Один отказ, одно сообщение. {arrived.ru}")


@STORY.step("До дедлайна урока несколько часов, и планировщик дважды вызывает remind_deadlines")
async def deadline(world: World) -> Text:
    """A lesson's deadline is some hours away, and the scheduler calls remind_deadlines twice."""
    scene = Scene(world)
    await world.rows(
        _SQL["set_deadline"],
        lesson="940103",
        at=datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=5),
    )
    await world.tick("remind_deadlines")
    await world.tick("remind_deadlines")
    arrived = await scene.message(LEV, "Скоро дедлайн", "Программа курса", VIKA.name)
    expect(not scene.delivered(VERA.chat, "Программа курса", f"• {BORIS.name}"), "a student who answered was named")
    return arrived


@STORY.step("Наставник блокирует бота, ученик отвечает; наставник возвращает бота")
async def shut_out(world: World) -> Text:
    """A mentor blocks the bot, a student answers; the mentor lets the bot in again."""
    scene = Scene(world)
    await scene.change_member(VERA, "kicked")
    await scene.webhook(PROCESS, json=as_the_process_names_it(answer(ANNA, "600017", "Сдаю последнее задание")))
    alert = await scene.arrival("the school's admin chat", ADMIN_CHAT, "закрыл чат с ботом")
    await scene.change_member(VERA, "member")
    welcome = await scene.arrival(VERA.name, VERA.chat, "ответы учеников")
    arrived = await scene.message(VERA, ANNA.name, "последнее задание")
    came = Text(en=arrived.en.partition(", ")[2], ru=arrived.ru.partition(", ")[2])
    return Text(
        en=f"The admin chat: {first_line(alert)}. Then {VERA.name}: {first_line(welcome)}, {came.en}",
        ru=f"Чат администраторов: {first_line(alert)}. Потом {VERA.name}: {first_line(welcome)}, {came.ru}",
    )
