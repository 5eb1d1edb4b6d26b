"""The story of the WhatsApp support desk: who writes, who takes it, and what happens when nobody does."""

import asyncio

from infra.demo.player import Story
from infra.demo.support.example import ALIYA, DANA, ERLAN, MARAT, OWNER, SAULE, TIMUR, Manager
from infra.demo.support.scene import Scene, line
from infra.demo.world import World, expect
from infra.sandbox.whatsapp.models import ChatMessage, Fault

STORY = Story()
CROWD = [ALIYA, TIMUR, *(Manager(f"Менеджер {n}", 9900000210 + n) for n in range(6))]


@STORY.step
async def question(world: World) -> str:
    """A customer asks in WhatsApp, in two messages, what a haircut costs."""
    scene = Scene(world)
    await scene.writes(DANA, "Здравствуйте!")
    await scene.writes(DANA, "Сколько стоит женская стрижка?")
    reply = await scene.reads(DANA, "6000")
    [asked] = [message for message in await scene.messages(DANA) if message["intent"]]
    return f"{DANA.name} reads one answer: «{reply}» (intent {asked['intent']})"


@STORY.step
async def human(world: World) -> str:
    """«Позовите человека, пожалуйста»."""
    scene = Scene(world)
    await scene.writes(DANA, "Позовите человека, пожалуйста")
    await scene.reads(DANA, "Передал ваш вопрос")
    card = await scene.topic_message(DANA, "Заявка №")
    return f"A topic of her own in the managers' group, and a card: «{line(card)}»"


@STORY.step
async def crowd(world: World) -> str:
    """Eight managers press [Беру] at once."""
    scene = Scene(world)
    card = await scene.topic_message(DANA, "Заявка №")
    toasts = await asyncio.gather(*(scene.presses(manager, card, "Беру") for manager in CROWD))
    winners = [toast for toast in toasts if toast.startswith("Вы взяли")]
    expect(len(winners) == 1, f"{len(winners)} have won: {toasts}")
    expect(len([toast for toast in toasts if "Уже взял" in toast]) == 7, f"the toasts were {toasts}")
    card = await scene.topic_message(DANA, "в работе")
    return f"One has it, seven toasts name them, and so does the card: «{line(card)}»"


@STORY.step
async def conversation(world: World) -> str:
    """The manager notes something for colleagues (//), then answers in the topic; the customer answers back."""
    scene = Scene(world)
    await scene.answers(ALIYA, DANA, "// постоянная клиентка, скидка 10 %")
    await scene.answers(ALIYA, DANA, "Здравствуйте, Дана! Записать вас на завтра?")
    await scene.reads(DANA, "Записать вас на завтра?")
    await scene.writes(DANA, "Да, на 15:00, сколько стоит?")
    await scene.topic_message(DANA, "на 15:00")
    expect(not scene.received(DANA, "скидка"), "the note left the house")
    expect(len(scene.received(DANA, "6000")) == 1, "the bot interrupted")
    return "Her words reach WhatsApp, the note does not; the customer's answer stands in the topic, the bot is silent"


@STORY.step
async def corrected(world: World) -> str:
    """The customer edits what she wrote: not at three, at four."""
    scene = Scene(world)
    await scene.corrects(DANA, "Да, на 15:00, сколько стоит?", "Да, на 16:00, сколько стоит?")
    notice = await scene.topic_message(DANA, "на 16:00")
    stored = [message["content"] for message in await scene.messages(DANA)]
    expect("Да, на 16:00, сколько стоит?" in stored, "the history holds the old words")
    return f"The topic says what it was and what it is: «{line(notice)}»; the history, too"


@STORY.step
async def not_delivered(world: World) -> str:
    """WhatsApp takes the manager's next answer, and a moment later reports that it did not arrive."""
    scene = Scene(world)
    world.sandbox.whatsapp.faults.append(Fault(does="fail_later", gateway="evolution"))
    await scene.answers(ALIYA, DANA, "Тогда до завтра, в 16:00!")
    notice = await scene.topic_message(DANA, "не дошло")
    await world.redrive()
    await world.tick("dispatch_notifications")
    await scene.reads(DANA, "Тогда до завтра")
    return f"The topic says so: «{line(notice)}» And carillon outbox redrive sends it again"


@STORY.step
async def file(world: World) -> str:
    """The manager puts a price list into the topic."""
    scene = Scene(world)
    await scene.sends_file(ALIYA, DANA, "Прайс.txt", "Стрижка: 6000 тенге")
    await world.settled()
    name, content = await scene.fetches(DANA)
    expect(content == "Стрижка: 6000 тенге", "another file came")
    return f"Her phone fetches «{name}» from serve_media, under a sealed link that shows nobody the bot's token"


@STORY.step
async def solved(world: World) -> str:
    """[Решено]; then the customer asks the bot something else."""
    scene = Scene(world)
    await scene.presses(ALIYA, await scene.topic_message(DANA, "в работе"), "Решено")
    card = await scene.topic_message(DANA, "✅ Решено")
    expect("reply_markup" not in card, "the card still has buttons")
    await scene.writes(DANA, "А какой у вас адрес?")
    reply = await scene.reads(DANA, "Звонкая")
    return f"The card: «{line(card)}». The bot speaks again: «{reply}»"


@STORY.step
async def album(world: World) -> str:
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
    return "One conversation, ten messages, one card, ten photos in the topic: a bot cannot look at them"


@STORY.step
async def phone(world: World) -> str:
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
    return "That is an answer, too: the request is taken, the bot is silent; the second copy changes nothing"


@STORY.step
async def nobody(world: World) -> str:
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
    return f"A reminder, an urgent one for {OWNER}, then it is closed: «{reply}» The card: «{line(card)}»"


@STORY.step
async def too_late(world: World) -> str:
    """A manager comes back from lunch and writes in its topic."""
    scene = Scene(world)
    await scene.answers(TIMUR, MARAT, "Марат, извините за ожидание. Чем помочь?")
    await scene.reads(MARAT, "извините за ожидание")
    expect((await scene.state(MARAT))["bot_status"] == "muted", "the bot would interrupt")
    return "It reaches the customer all the same, and the bot keeps silent for an hour"


@STORY.step
async def refused(world: World) -> str:
    """The first customer says «Нет, спасибо»."""
    scene = Scene(world)
    await scene.writes(DANA, "Нет, спасибо")
    reply = await scene.reads(DANA, "больше не пишу")
    await scene.writes(DANA, "А мужская сколько стоит?")
    await world.settled()
    expect(not scene.received(DANA, "4500"), "the bot went on")
    return f"«{reply}» And it is silent for half an hour"


@STORY.step
async def broken_model(world: World) -> str:
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
    return "A person is called instead of silence or an invented answer"


@STORY.step
async def missed_call(world: World) -> str:
    """Somebody new calls the salon's number, and everybody is busy."""
    scene = Scene(world)
    await scene.calls(ERLAN)
    await world.until(lambda: any("📞" in card["text"] for card in scene.cards()), "nobody was called")
    await world.settled()
    card = next(card for card in scene.cards() if "📞" in card["text"])
    await scene.presses(TIMUR, card, "Беру")
    await scene.presses(TIMUR, await scene.topic_message(ERLAN, "в работе"), "Решено")
    await scene.topic_message(ERLAN, "✅ Решено")
    return "A missed call is a lost booking: a request with a line of its own"


@STORY.step
async def numbers(world: World) -> str:
    """A manager writes /stats in the group."""
    scene = Scene(world)
    await scene.asks_for_numbers()
    await world.until(lambda: bool(scene.summaries()), "no numbers came")
    await world.settled()
    return " ".join(str(scene.summaries()[-1]["text"]).split("\n")[:3])
