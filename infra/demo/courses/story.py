"""The story of the course CRM: a week of a school, from its former bot's crm.db to a broadcast."""

import asyncio
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from infra.admin.courses import people
from infra.admin.courses.crm.importing import import_file
from infra.admin.courses.crm.report import Report
from infra.admin.database import connect
from infra.demo.courses import dispatcher
from infra.demo.courses.example import (
    ANNA,
    BORIS,
    CURATOR,
    ESSAY,
    GLEB,
    LIDIA,
    PARTICIPANTS,
    PEOPLE,
    READERS,
    TODAY,
    TOMORROW,
    VERA,
    noon,
    write_crm,
)
from infra.demo.courses.scene import Scene
from infra.demo.player import Story
from infra.demo.world import World, expect
from shared.database import sql
from shared.i18n.texts import Text

NEWS = "Весной открываем новый поток"
LINK = "https://school.example.com/homework/1"
KILLED_AFTER = READERS // 4  # messages

STORY = Story()

_SQL = sql.load(__file__)


@STORY.step("crm.db прежнего бота школы, не вся чистая, переезжает; потом ещё раз")
async def taken_over(world: World) -> Text:
    """The crm.db of the school's former bot, not all of it clean, is taken over; then once more."""
    first, second = await asyncio.to_thread(_import, world.database_url)
    read, taken, rejected = (first.total(what) for what in ("read", "taken", "rejected"))
    expect(read == taken + rejected + first.total("already_here"), "the totals do not add up")
    expect(second.total("taken") == 0, f"the second time {second.total('taken')} rows came again")
    [found] = await world.rows(_SQL["people"])
    await world.rows(_SQL["agree"])
    await world.rows(_SQL["capacity"])
    reasons = ", ".join(sorted({reason for table in first.tables for reason in table.reasons}))
    mended = first.total("mended")
    return Text(
        en=f"{read} rows read, {taken} taken ({mended} mended), {rejected} rejected and kept: {reasons}. Again: "
        f"nothing new. {found['users']} people, {found['hashes']} password: one in plain text is kept nowhere",
        ru=f"Строк {read}, взято {taken} (исправлено {mended}), отклонено и сохранено {rejected}: {reasons}. Ещё раз: "
        f"ничего нового. Людей {found['users']}, паролей {found['hashes']}: открытый не хранится нигде",
    )


def _import(url: str) -> tuple[Report, Report]:
    with tempfile.TemporaryDirectory() as folder, connect(url) as connection:
        path = Path(folder) / "crm.db"
        write_crm(path)
        reports = tuple(import_file(connection, path, write=True) for _ in range(2))
        people.set_role(connection, str(CURATOR.chat), "admin")
    return reports[0], reports[1]


@STORY.step("Люди прежнего бота пишут новому; на что они соглашались там, показать уже никто не может")
async def consent(world: World) -> Text:
    """People who knew the former bot write to this one; what they agreed to there, nobody can show any more."""
    scene = Scene(world)
    answers = {
        somebody: ("Согласен", "Нет, не нужно" if somebody is BORIS else "Да, присылайте") for somebody in PEOPLE
    }
    await asyncio.gather(*(scene.write(somebody, "/start") for somebody in PEOPLE))
    asked = scene.shown(ANNA)
    await asyncio.gather(*(scene.press(somebody, *labels) for somebody, labels in answers.items()))
    expect("Здравствуйте" in scene.shown(ANNA), f"Anna sees: {scene.shown(ANNA)}")
    agreed = await world.rows(_SQL["consents"], chat=BORIS.chat)
    expect([(row["purpose"], row["version"]) for row in agreed] == [("processing", 1)], f"Boris agreed to {agreed}")
    return Text(
        en=f"«{asked.splitlines()[-1]}» Boris agrees to that, and not to broadcasts; both are rows with their version",
        ru=f"«{asked.splitlines()[-1]}» Борис соглашается, а на рассылки нет; и то и другое — строки с версией текста",
    )


@STORY.step("Анна смотрит расписание и говорит, что завтра не придёт")
async def schedule(world: World) -> Text:
    """Anna looks at her schedule, and says that she will not come tomorrow."""
    scene = Scene(world)
    shown = await scene.press(ANNA, "Расписание")
    expect(TOMORROW in shown, f"the schedule shows: {shown}")
    said = await scene.press(ANNA, "Не приду на занятие", TOMORROW, "Не приду")
    expect("не придёте" in said, f"Anna sees: {said}")
    seen = f"«{next(line for line in shown.splitlines() if TOMORROW in line)}» «{said.splitlines()[3]}»"
    return Text(en=seen, ru=seen)


@STORY.step("На сессию исцеления одно место. Анна занимает его, Вера и Глеб ждут; Анна отказывается, Вера соглашается")
async def waiting_list(world: World) -> Text:
    """A healing session has one place. Anna takes it, Vera and Gleb wait; Anna steps back, Vera says yes."""
    scene = Scene(world)
    await scene.home(ANNA)
    for somebody, button in {ANNA: "Записаться", VERA: "Встать в очередь", GLEB: "Встать в очередь"}.items():
        await scene.press(somebody, "Сессии исцеления", "12:00", button)
    expect("перед вами: 1" in scene.shown(GLEB), f"Gleb sees: {scene.shown(GLEB)}")
    await scene.press(ANNA, "Отменить запись")
    offer = scene.shown(VERA)
    expect("Вы записаны" in await scene.press(VERA, "✅ Приду"), f"Vera sees: {scene.shown(VERA)}")
    expect("перед вами: 0" in await scene.press(GLEB, "‹ Назад", "12:00"), f"Gleb sees: {scene.shown(GLEB)}")
    return Text(
        en=f"Vera: «{offer.splitlines()[0]}» One place, one person; Gleb is the next to wait",
        ru=f"Вера: «{offer.splitlines()[0]}» Одно место, один человек; следующий ждёт Глеб",
    )


@STORY.step("Два куратора сразу отмечают одно занятие: «Все были», потом исключения")
async def attendance(world: World) -> Text:
    """Two curators mark the same session at once: «Все были», then the exceptions."""
    scene = Scene(world)
    both = (CURATOR, LIDIA)
    for by in both:
        await scene.press(by, "Отметить посещаемость", TODAY, "Все были")
    await asyncio.gather(*(scene.press_at_once(by, "Да") for by in both))
    await world.settled()
    await asyncio.gather(scene.press_at_once(CURATOR, "Петров"), scene.press_at_once(LIDIA, "Петров"))
    await world.settled()
    marks = {row["id"]: row for row in await world.rows(_SQL["marks"], title=TODAY)}
    statuses = [marks[somebody.id]["status"] for somebody in PARTICIPANTS]
    expect(statuses == ["present", "absent", "present", "present"], f"they are {statuses}")
    expect(marks[BORIS.id]["changes"] == 1, f"Boris was changed {marks[BORIS.id]['changes']} times")
    return Text(
        en=f"{len(marks)} marks, each once; Boris is absent, not late, though both pressed. His former mark is kept",
        ru=f"Отметок {len(marks)}, каждая одна; Бориса не было, и это не «опоздал», хоть нажали оба. Прежняя цела",
    )


@STORY.step("Куратор пишет ссылку на домашнее задание; «Отправить» нажимают оба")
async def homework(world: World) -> Text:
    """A curator writes the link of the homework; both press «Отправить»."""
    scene = Scene(world)
    await scene.press(CURATOR, "Домашнее задание")
    await scene.write(CURATOR, LINK)
    await scene.press(LIDIA, "Домашнее задание")
    await asyncio.gather(*(scene.press_at_once(by, "Отправить тем") for by in (CURATOR, LIDIA)))
    await world.settled()
    counts = [len(scene.got(somebody, LINK)) for somebody in PARTICIPANTS]
    expect(counts == [1, 0, 1, 1], f"they have it {counts} times")
    return Text(
        en="Three have it, each once; Boris, who was absent, has not",
        ru="Оно у троих, у каждого раз; у Бориса, которого не было, его нет",
    )


@STORY.step("За день: remind_participants вызван трижды сразу. Глеб не хочет ничего о заданиях")
async def reminders(world: World) -> Text:
    """The day before: remind_participants is called three times at once. Gleb wants nothing about assignments."""
    scene = Scene(world)
    await scene.home(GLEB)
    await scene.press(GLEB, "Уведомления", "Сроки заданий")
    await asyncio.gather(*(world.tick("remind_participants") for _ in range(3)))
    await world.settled()
    session = [len(scene.got(somebody, "Скоро занятие")) for somebody in PARTICIPANTS]
    assignment = [len(scene.got(somebody, ESSAY)) for somebody in PARTICIPANTS]
    healing = [len(scene.got(somebody, "на которую вы записаны")) for somebody in PARTICIPANTS]
    expect(session == [0, 0, 1, 1], f"they were reminded of the session {session} times")
    expect(assignment == [1, 0, 1, 0], f"they were reminded of the assignment {assignment} times")
    expect(healing == [0, 0, 1, 0], f"they were reminded of the healing session {healing} times")
    return Text(
        en="Of the session Vera and Gleb, for Anna will not come; of the assignment Anna and Vera; of the healing "
        "session Vera: each once. Boris had switched all of it off in the former bot",
        ru="О занятии Вера и Глеб, ведь Анна не придёт; о задании Анна и Вера; о сессии исцеления Вера: каждому раз. "
        "Борис ещё в прежнем боте всё выключил",
    )


@STORY.step("Куратор переносит завтрашнее занятие на три дня; remind_participants вызван дважды сразу")
async def moved(world: World) -> Text:
    """A curator moves tomorrow's session by three days; remind_participants is called twice at once."""
    scene = Scene(world)
    await scene.home(CURATOR)
    await scene.press(CURATOR, "Назначить и выложить", "Занятия", TOMORROW, "Дата")
    await scene.write(CURATOR, f"{datetime.now(noon()).date() + timedelta(days=4):%d.%m.%Y}")
    await scene.press(CURATOR, "Сохранить")
    await asyncio.gather(*(world.tick("remind_participants") for _ in range(2)))
    await world.settled()
    counts = [len(scene.got(somebody, "Занятие перенесено")) for somebody in PARTICIPANTS]
    expect(counts == [1, 0, 1, 1], f"they heard of it {counts} times")
    seen = ", ".join(scene.shown(VERA).splitlines()[2:5])
    return Text(
        en=f"«{seen}» Each once; Boris wants nothing of the kind", ru=f"«{seen}» Каждому раз; Борису это не нужно"
    )


@STORY.step("Уходит рассылка; её диспетчер убивают (SIGKILL) посередине, и продолжает другой")
async def broadcast(world: World) -> Text:
    """A broadcast goes out; its dispatcher is killed (SIGKILL) in the middle, and another one goes on."""
    scene = Scene(world)
    await scene.home(CURATOR)
    await scene.press(CURATOR, "Рассылки", "Новая рассылка")
    await scene.write(CURATOR, NEWS)
    preview = scene.shown(CURATOR)
    await scene.press(CURATOR, "Отправить…")
    begun_at = time.time()  # the author has had a sample before
    killed_after = await _kill_in_the_middle(world, scene, begun_at)
    await world.tick("dispatch_notifications")
    await world.settled()
    [found] = await world.rows(_SQL["broadcast"])
    chats, stats = _received(world, begun_at), found["stats"]
    expect(found["status"] == "done" and stats == found["recounted"], f"it is {found}")
    expect(len(chats) == len(set(chats)), f"{len(chats) - len(set(chats))} people have it twice")
    expect((sum(stats.values()), stats["skipped"]) == (len(PEOPLE) + READERS, 1), f"it counts {stats}")
    expect(stats["sent"] <= len(chats) <= stats["sent"] + stats["failed"], f"{len(chats)} have it, it counts {stats}")
    total, shown = sum(stats.values()), preview.splitlines()[-1]
    return Text(
        en=f"Killed after {killed_after} of {total}; {len(chats)} have it, nobody twice, Boris not. Of "
        f"{stats['failed']} that were under way it says that nobody knows. Preview: «{shown}»",
        ru=f"Убит после {killed_after} из {total}; рассылка у {len(chats)}, ни у кого дважды, у Бориса нет. О тех "
        f"{stats['failed']}, что были в пути, сказано: неизвестно. Предпросмотр: «{shown}»",
    )


async def _kill_in_the_middle(world: World, scene: Scene, begun_at: float) -> int:
    """Confirm it, and kill the only dispatcher that sends it; how many have got it. Returns when its lease is over."""
    await world.rows(_SQL["pause_bot"], is_paused=True)
    await scene.press_at_once(CURATOR, "Да")
    with await dispatcher.start(dispatcher.settings_of(world)) as process:
        try:
            await world.rows(_SQL["pause_bot"], is_paused=False)
            await world.until(lambda: len(_received(world, begun_at)) >= KILLED_AFTER, "the broadcast did not begin")
        finally:
            process.kill()
    killed_after = len(_received(world, begun_at))
    await asyncio.sleep(dispatcher.LEASE_SECONDS)
    return killed_after


def _received(world: World, since: float) -> list[int]:
    """The chats of whoever got the broadcast, each as often as they did."""
    return [
        row.chat_id or 0
        for row in world.telegram.journal.find("sendMessage")
        if row.delivered and row.unix >= since and row.params["text"].startswith(NEWS)
    ]
