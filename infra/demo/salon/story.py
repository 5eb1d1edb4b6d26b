"""The story of salon: the owner's digest, a booking that is cancelled, an alert, and tenants kept apart."""

import asyncio
import re

from infra.demo.player import Story
from infra.demo.salon.example import NEIGHBOUR, TENANT
from infra.demo.salon.scene import Scene, plain
from infra.demo.world import World, expect
from shared.i18n.texts import Text

STORY = Story()


@STORY.step("Утро в салоне: планировщик вызывает daily_metrics_digest, трижды сразу")
async def digest(world: World) -> Text:
    """Morning in the salon: the scheduler calls daily_metrics_digest, three times at once."""
    scene = Scene(world)
    await asyncio.gather(*(world.tick("daily_metrics_digest") for _ in range(3)))
    await world.until(lambda: bool(scene.digests()), "no digest came")
    await world.settled()
    digests = scene.digests()
    expect(len(digests) == 1, f"{len(digests)} digests came")
    lines = [line for line in plain(digests[0]["caption"]).split("\n") if line]
    shown = f"«{lines[0]} … {lines[1]} …»"
    return Text(
        en=f"One digest with a picture of two weeks: {shown}", ru=f"Одна сводка с картинкой за две недели: {shown}"
    )


@STORY.step("Владелица пишет /dashboard, нажимает кнопку по ссылке и читает вчерашний день в браузере")
async def pages(world: World) -> Text:
    """The owner writes /dashboard, presses the link's button, and reads yesterday in a browser."""
    scene = Scene(world)
    shown = plain(await scene.open_pages(await scene.ask_for_pages()))
    counted = await scene.yesterday()
    figures = re.findall(r"\b\d+\b", shown)
    expect(str(counted["dialogs"]) in figures and str(counted["bookings"]) in figures, "the page says other numbers")
    dialogs, bookings = counted["dialogs"], counted["bookings"]
    return Text(
        en=f"The page has the digest's numbers: {dialogs} dialogs, {bookings} bookings. "
        "Again, the link signs nobody in",
        ru=f"На странице числа сводки: диалогов {dialogs}, записей {bookings}. Второй раз по ссылке никто не войдёт",
    )


@STORY.step("Вчерашнюю запись отменили в YClients, и оттуда приходит хук почти без содержания")
async def booking(world: World) -> Text:
    """Yesterday's booking is cancelled in YClients, which sends a hook with hardly any content."""
    scene = Scene(world)
    await world.tick("verify_bookings")
    before = await scene.booking()
    await scene.cancel_booking()
    await world.tick("verify_bookings")
    after = await scene.booking()
    expect((before["status"], after["status"]) == ("created", "cancelled"), f"{before['status']}, {after['status']}")
    return Text(
        en="Verified: created. After the hook it is requested again: cancelled; the hook's own content is not trusted",
        ru="Проверена: создана. После хука её запросили снова: отменена; самому хуку на слово не верят",
    )


@STORY.step("Сегодня двенадцать диалогов, и никто не записался; владелица нажимает [Принято]")
async def alert(world: World) -> Text:
    """Twelve dialogs today, and nobody books; the owner presses [Принято]."""
    scene = Scene(world)
    await scene.have_bad_day()
    await asyncio.gather(*(world.tick("daily_metrics_digest") for _ in range(3)))
    await world.until(lambda: bool(scene.alerts()), "no alert came")
    await world.settled()
    alerts = scene.alerts()
    expect(len({message["text"] for message in alerts}) == len(alerts), "an alert came twice")
    message = alerts[0]
    first = plain(message["text"]).split("\n")[0]
    await scene.press(message)
    edited = scene.chat.messages
    await world.until(lambda: "Принято" in edited[message["message_id"]]["text"], "the message was not edited")
    await world.settled()
    audit = await scene.alert_audit()
    return Text(
        en=f"«{first}» Pressed: the message says who, and so does the audit ({audit['action']})",
        ru=f"«{first}» Нажато: кто, написано и в сообщении, и в журнале ({audit['action']})",
    )


@STORY.step("Владелица другого салона читает базу")
async def tenant_isolation(world: World) -> Text:
    """The owner of another salon reads the database."""
    scene = Scene(world)
    theirs = await scene.visible_to_admin_of(NEIGHBOUR)
    expect(not any(theirs.values()), f"they see {theirs}")
    own = await scene.visible_to_admin_of(TENANT)
    expect(own["sessions"] > 0 and own["metrics"] > 0, f"the owner reads {own}")
    return Text(
        en=f"Nothing of «Аврора»: no row; its own owner reads {own['sessions']} dialogs and {own['metrics']} days",
        ru=f"От «Авроры» ни строки; её собственная владелица видит диалогов {own['sessions']}, дней {own['metrics']}",
    )
