"""The first customer: a bot answers her, then a manager, until it is solved."""

import asyncio

from infra.demo.player import Story
from infra.demo.support.example import ALIYA, DANA, TIMUR, Manager
from infra.demo.support.scene import Scene, line
from infra.demo.world import World, expect
from infra.sandbox.whatsapp.models import Fault
from shared.i18n.texts import Text

STORY = Story()
CROWD = [ALIYA, TIMUR, *(Manager(f"Менеджер {n}", 9900000210 + n) for n in range(6))]


@STORY.step("Клиентка спрашивает в WhatsApp, в двух сообщениях, сколько стоит стрижка")
async def question(world: World) -> Text:
    """A customer asks in WhatsApp, in two messages, what a haircut costs."""
    scene = Scene(world)
    await scene.writes(DANA, "Здравствуйте!")
    await scene.writes(DANA, "Сколько стоит женская стрижка?")
    reply = await scene.reads(DANA, "6000")
    [asked] = [message for message in await scene.messages(DANA) if message["intent"]]
    return Text(
        en=f"{DANA.name} reads one answer: «{reply}» (intent {asked['intent']})",
        ru=f"{DANA.name} читает один ответ: «{reply}» (намерение {asked['intent']})",
    )


@STORY.step("«Позовите человека, пожалуйста»")
async def human(world: World) -> Text:
    """«Позовите человека, пожалуйста»."""
    scene = Scene(world)
    await scene.writes(DANA, "Позовите человека, пожалуйста")
    await scene.reads(DANA, "Передал ваш вопрос")
    card = await scene.topic_message(DANA, "Заявка №")
    return Text(
        en=f"A topic of her own in the managers' group, and a card: «{line(card)}»",
        ru=f"Своя тема в группе менеджеров и карточка: «{line(card)}»",
    )


@STORY.step("Восемь менеджеров нажимают [Беру] одновременно")
async def crowd(world: World) -> Text:
    """Eight managers press [Беру] at once."""
    scene = Scene(world)
    card = await scene.topic_message(DANA, "Заявка №")
    toasts = await asyncio.gather(*(scene.presses(manager, card, "Беру") for manager in CROWD))
    winners = [toast for toast in toasts if toast.startswith("Вы взяли")]
    expect(len(winners) == 1, f"{len(winners)} have won: {toasts}")
    expect(len([toast for toast in toasts if "Уже взял" in toast]) == 7, f"the toasts were {toasts}")
    card = await scene.topic_message(DANA, "в работе")
    return Text(
        en=f"One has it, seven toasts name them, and so does the card: «{line(card)}»",
        ru=f"Взял один, остальным семи сказано кто, и на карточке тоже: «{line(card)}»",
    )


@STORY.step("Менеджер пишет заметку для своих (//), потом отвечает в теме; клиентка отвечает ей")
async def conversation(world: World) -> Text:
    """The manager notes something for colleagues (//), then answers in the topic; the customer answers back."""
    scene = Scene(world)
    await scene.answers(ALIYA, DANA, "// постоянная клиентка, скидка 10 %")
    await scene.answers(ALIYA, DANA, "Здравствуйте, Дана! Записать вас на завтра?")
    await scene.reads(DANA, "Записать вас на завтра?")
    await scene.writes(DANA, "Да, на 15:00, сколько стоит?")
    await scene.topic_message(DANA, "на 15:00")
    expect(not scene.received(DANA, "скидка"), "the note left the house")
    expect(len(scene.received(DANA, "6000")) == 1, "the bot interrupted")
    return Text(
        en="Her words reach WhatsApp, the note does not; the customer's answer stands in the topic, the bot is silent",
        ru="Её слова дошли до WhatsApp, заметка нет; ответ клиентки стоит в теме, бот молчит",
    )


@STORY.step("Клиентка правит написанное: не в три, а в четыре")
async def corrected(world: World) -> Text:
    """The customer edits what she wrote: not at three, at four."""
    scene = Scene(world)
    await scene.corrects(DANA, "Да, на 15:00, сколько стоит?", "Да, на 16:00, сколько стоит?")
    notice = await scene.topic_message(DANA, "на 16:00")
    stored = [message["content"] for message in await scene.messages(DANA)]
    expect("Да, на 16:00, сколько стоит?" in stored, "the history holds the old words")
    return Text(
        en=f"The topic says what it was and what it is: «{line(notice)}»; the history, too",
        ru=f"В теме видно, что было и что стало: «{line(notice)}»; в истории тоже",
    )


@STORY.step("WhatsApp принимает следующий ответ менеджера, а потом сообщает, что он не дошёл")
async def not_delivered(world: World) -> Text:
    """WhatsApp takes the manager's next answer, and a moment later reports that it did not arrive."""
    scene = Scene(world)
    world.sandbox.whatsapp.faults.append(Fault(does="fail_later", gateway="evolution"))
    await scene.answers(ALIYA, DANA, "Тогда до завтра, в 16:00!")
    notice = await scene.topic_message(DANA, "не дошло")
    await world.redrive()
    await world.tick("dispatch_notifications")
    await scene.reads(DANA, "Тогда до завтра")
    return Text(
        en=f"The topic says so: «{line(notice)}» And carillon outbox redrive sends it again",
        ru=f"Так и сказано в теме: «{line(notice)}» А carillon outbox redrive отправляет снова",
    )


@STORY.step("Менеджер кладёт в тему прайс")
async def file(world: World) -> Text:
    """The manager puts a price list into the topic."""
    scene = Scene(world)
    await scene.sends_file(ALIYA, DANA, "Прайс.txt", "Стрижка: 6000 тенге")
    await world.settled()
    name, content = await scene.fetches(DANA)
    expect(content == "Стрижка: 6000 тенге", "another file came")
    return Text(
        en=f"Her phone fetches «{name}» from serve_media, under a sealed link that shows nobody the bot's token",
        ru=f"Её телефон берёт «{name}» у serve_media, по запечатанной ссылке, в которой токена бота не видно",
    )


@STORY.step("[Решено]; потом клиентка спрашивает бота о другом")
async def solved(world: World) -> Text:
    """[Решено]; then the customer asks the bot something else."""
    scene = Scene(world)
    await scene.presses(ALIYA, await scene.topic_message(DANA, "в работе"), "Решено")
    card = await scene.topic_message(DANA, "✅ Решено")
    expect("reply_markup" not in card, "the card still has buttons")
    await scene.writes(DANA, "А какой у вас адрес?")
    reply = await scene.reads(DANA, "Звонкая")
    return Text(
        en=f"The card: «{line(card)}». The bot speaks again: «{reply}»",
        ru=f"Карточка: «{line(card)}». Снова говорит бот: «{reply}»",
    )
