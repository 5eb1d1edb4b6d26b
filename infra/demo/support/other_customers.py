"""Other customers: photos, an answer from the phone, nobody who takes it, a model that is down, a missed call."""

import asyncio

from infra.demo.player import Story
from infra.demo.support.example import DANA, ERLAN, MARAT, OWNER, SAULE, TIMUR
from infra.demo.support.scene import Scene, line
from infra.demo.world import World, expect
from infra.sandbox.whatsapp.models import ChatMessage
from shared.i18n.texts import Text

STORY = Story()


@STORY.step("Другая клиентка присылает альбом: десять фото разом")
async def album(world: World) -> Text:
    """Another customer sends an album: ten photos in parallel."""
    scene = Scene(world)
    await asyncio.gather(*(scene.sends_photo(SAULE, number) for number in range(10)))
    await scene.topic_message(SAULE, "Заявка №")
    await world.until(lambda: scene.photos(SAULE) >= 10, "not all photos are in the topic")
    await world.settled()
    stored = await scene.messages(SAULE)
    expect(
        len([message for message in stored if message["role"] == "user"]) == 10, f"{len(stored)} messages are stored"
    )
    expect(scene.photos(SAULE) == 10, f"{scene.photos(SAULE)} photos are in the topic")
    return Text(
        en="One conversation, ten messages, one card, ten photos in the topic: a bot cannot look at them",
        ru="Один разговор, десять сообщений, одна карточка, десять фото в теме: бот их не рассмотрит",
    )


@STORY.step("Кто-то из салона отвечает ей с телефона, мимо Telegram; и шлюз шлёт старое сообщение ещё раз")
async def phone(world: World) -> Text:
    """Somebody of the salon answers her from the phone, past Telegram; and the gateway sends an old message again."""
    scene = Scene(world)
    await scene.writes(SAULE, "Здравствуйте, Сауле! Это я, Алия", from_me=True, id="FROMPHONE1")
    await scene.topic_message(SAULE, "📱")
    await scene.writes(SAULE, "Здравствуйте, Сауле! Это я, Алия", from_me=True, id="FROMPHONE1")
    await world.settled()
    state = await scene.state(SAULE)
    expect(state["status"] == "active", f"her request is {state['status']}")
    expect(state["bot_status"] == "muted", "the bot is not muted")
    expect(len(scene.topic_messages(SAULE, "📱")) == 1, "it was shown twice")
    await scene.presses(TIMUR, await scene.topic_message(SAULE, "в работе"), "Решено")
    await scene.topic_message(SAULE, "✅ Решено")
    return Text(
        en="That is an answer, too: the request is taken, the bot is silent; the second copy changes nothing",
        ru="Это тоже ответ: заявка взята, бот молчит; вторая копия ничего не меняет",
    )


@STORY.step("Третий клиент просит менеджера, и никто не берёт: проходит минута, ещё одна и ещё")
async def nobody(world: World) -> Text:
    """A third customer asks for a manager and nobody takes it: a minute passes, and another, and another."""
    scene = Scene(world)
    await scene.change_settings(reminder_timeout_1=1, reminder_timeout_2=2, auto_close_timeout=3)
    await scene.writes(MARAT, "Соедините с менеджером")
    await scene.topic_message(MARAT, "Заявка №")
    for text in ("⏰", OWNER):
        await scene.let_a_minute_pass()
        await asyncio.gather(*(world.tick("handover_reminder_sweep") for _ in range(3)))
        await scene.topic_message(MARAT, text)
        expect(
            len(scene.topic_messages(MARAT, text)) == 1, f"«{text}» came {len(scene.topic_messages(MARAT, text))} times"
        )
    await scene.let_a_minute_pass()
    await world.tick("handover_reminder_sweep")
    reply = await scene.reads(MARAT, "Извините")
    card = await scene.topic_message(MARAT, "⌛")
    return Text(
        en=f"A reminder, an urgent one for {OWNER}, then it is closed: «{reply}» The card: «{line(card)}»",
        ru=f"Напоминание, срочное для {OWNER}, потом закрыта: «{reply}» Карточка: «{line(card)}»",
    )


@STORY.step("Менеджер вернулся с обеда и пишет в её тему")
async def too_late(world: World) -> Text:
    """A manager comes back from lunch and writes in its topic."""
    scene = Scene(world)
    await scene.answers(TIMUR, MARAT, "Марат, извините за ожидание. Чем помочь?")
    await scene.reads(MARAT, "извините за ожидание")
    expect((await scene.state(MARAT))["bot_status"] == "muted", "the bot would interrupt")
    return Text(
        en="It reaches the customer all the same, and the bot keeps silent for an hour",
        ru="До клиента это всё равно доходит, а бот молчит час",
    )


@STORY.step("Первая клиентка говорит «Нет, спасибо»")
async def refused(world: World) -> Text:
    """The first customer says «Нет, спасибо»."""
    scene = Scene(world)
    await scene.writes(DANA, "Нет, спасибо")
    reply = await scene.reads(DANA, "больше не пишу")
    await scene.writes(DANA, "А мужская сколько стоит?")
    await world.settled()
    expect(not scene.received(DANA, "4500"), "the bot went on")
    return Text(en=f"«{reply}» And it is silent for half an hour", ru=f"«{reply}» И полчаса молчит")


@STORY.step("Языковая модель ломается, пока спрашивает новый клиент")
async def broken_model(world: World) -> Text:
    """The language model breaks down while a new customer asks."""
    scene = Scene(world)
    world.sandbox.model.fail(does="status", status=500, times=9)
    newcomer = ChatMessage(gateway="evolution", account="echo", person="77010000104", name="Олжас", text="Есть окно?")
    await world.sandbox.whatsapp.say(newcomer)
    await world.until(lambda: any("Олжас" in card["text"] for card in scene.cards()), "nobody was called")
    await world.settled()
    world.sandbox.model.faults.clear()
    card = next(card for card in scene.cards() if "Олжас" in card["text"])
    await scene.presses(TIMUR, card, "Вернуть боту")
    await world.settled()
    return Text(
        en="A person is called instead of silence or an invented answer",
        ru="Зовут человека, вместо молчания или выдуманного ответа",
    )


@STORY.step("Кто-то новый звонит в салон, а все заняты")
async def missed_call(world: World) -> Text:
    """Somebody new calls the salon's number, and everybody is busy."""
    scene = Scene(world)
    await scene.calls(ERLAN)
    await world.until(lambda: any("📞" in card["text"] for card in scene.cards()), "nobody was called")
    await world.settled()
    card = next(card for card in scene.cards() if "📞" in card["text"])
    await scene.presses(TIMUR, card, "Беру")
    await scene.presses(TIMUR, await scene.topic_message(ERLAN, "в работе"), "Решено")
    await scene.topic_message(ERLAN, "✅ Решено")
    return Text(
        en="A missed call is a lost booking: a request with a line of its own",
        ru="Пропущенный звонок — потерянная запись: заявка со своей строкой",
    )


@STORY.step("Менеджер пишет в группе /stats")
async def numbers(world: World) -> Text:
    """A manager writes /stats in the group."""
    scene = Scene(world)
    await scene.asks_for_numbers()
    await world.until(lambda: bool(scene.summaries()), "no numbers came")
    await world.settled()
    shown = " ".join(str(scene.summaries()[-1]["text"]).split("\n")[:3])
    return Text(en=shown, ru=shown)
