"""What plays a story and tells it: steps, what they may ask of the world, and the table."""

import asyncio
import html
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.admin.database import connect
from infra.admin.outbox import changes
from infra.admin.outbox.selection import Selection
from infra.admin.replay import replay
from infra.cli.support import settings as settings_module
from infra.demo.getcourse.example import Mentor
from infra.demo.stack import Stack
from infra.demo.support.example import NAME as SALON
from infra.local.keys import LOCAL_BOT
from infra.sandbox.telegram.journal import Row
from infra.sandbox.telegram.updates import Actor, person
from shared.database import sql
from shared.database.pool import Database

POLL_SECONDS = 0.01

_SQL = sql.load(__file__)


class StepFailed(Exception):
    """What should have arrived and did not."""


class World:
    """The stack as the outside sees it: webhooks go in, messages come out. And a look into the database."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient, database: Database, patience: float) -> None:
        """`patience` is how many seconds a step waits for what must happen."""
        self.sandbox = stack.sandbox
        self.telegram = stack.sandbox.telegram
        self.keys = stack.keys
        self.http = http
        self._database = database
        self._patience = patience
        self._sent_at = 0.0

    async def webhook(self, source: str, *, secret: str | None = None, **how: Any) -> httpx.Response:
        """POST to a source; `how` is httpx's."""
        headers = {"x-webhook-secret": secret or self.keys.source_secret}
        self._sent_at = time.time()
        return await self.http.post(f"/ingest_webhook/getcourse/{source}", headers=headers, **how)

    async def get(self, url: str) -> httpx.Response:
        """GET an address that went out with a message."""
        return await self.http.get(url)

    async def post(self, path: str, **how: Any) -> httpx.Response:
        """POST to one of the functions with the sources' secret; `how` is httpx's."""
        return await self.http.post(path, headers={"x-webhook-secret": self.keys.source_secret}, **how)

    async def tick(self, function: str) -> dict[str, Any]:
        """Call a function as the scheduler does; its report."""
        self._sent_at = time.time()
        answer = await self.http.post(f"/{function}", headers={"x-cron-secret": self.keys.cron_secret})
        expect(answer.status_code == 200, f"{function} answered {answer.status_code}")
        report: dict[str, Any] = answer.json()
        return report

    async def replay(self) -> None:
        """Process the last hour's events again, as `carillon replay` does."""
        self._sent_at = time.time()
        await asyncio.to_thread(_replay_last_hour)

    async def member(self, who: Mentor, status: str) -> None:
        """`who` shuts the bot out ("kicked") or lets it in again ("member"), which Telegram tells telegram_webhook."""
        bot = self.telegram.bot_of(LOCAL_BOT)
        chat = self.telegram.chat(LOCAL_BOT, who.chat)
        assert chat
        self._sent_at = time.time()
        await Actor(self.telegram, bot, chat, person(who.chat, who.name)).change_member(status)

    async def redrive(self) -> None:
        """Send again what could not be delivered in the last hour, as `carillon outbox redrive` does."""
        self._sent_at = time.time()
        await asyncio.to_thread(_redrive_last_hour)

    async def type_settings(self, **settings: Any) -> None:
        """Change the salon's settings, as somebody types it on the command line."""
        await asyncio.to_thread(settings_module.settings, SALON, **settings)

    async def rows(self, block: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of a block of world.sql."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(_SQL[block], values)
            return await cursor.fetchall()

    async def as_viewer(self, block: str, claims: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of a block of world.sql, as the dashboard's viewer with these claims sees them."""
        async with self._database.transaction() as connection:
            await connection.execute(_SQL["become_viewer"], {"claims": claims})
            return await (await connection.execute(_SQL[block], values)).fetchall()

    def delivered(self, chat: int, *words: str) -> list[Row]:
        """The messages that this chat has received and that hold all `words`."""
        rows = self.telegram.journal.find("sendMessage", chat)
        return [row for row in rows if row.delivered and all(word in row.params.get("text", "") for word in words)]

    async def message(self, to: Mentor, *words: str) -> str:
        """Wait for a message, then until nothing is under way; how it came. Raises Missed, also when it came twice."""
        rows = await self.arrival(to.name, to.chat, *words)
        return f"{to.name}, {_after(rows[0].unix - self._sent_at)} later: {quoted(rows[0])}"

    async def arrival(self, name: str, chat: int, *words: str) -> list[Row]:
        """The one message in `chat` that holds `words`, in a list. Raises Missed."""
        await self.until(lambda: bool(self.delivered(chat, *words)), f"nothing came to {name}")
        await self.settled()
        rows = self.delivered(chat, *words)
        expect(len(rows) == 1, f"{name} was told {len(rows)} times")
        return rows

    async def settled(self) -> None:
        """Wait until everything that is due has been sent. Raises Missed."""
        give_up_at = time.monotonic() + self._patience
        while waiting := (await self.rows("under_way"))[0]["waiting"]:
            expect(time.monotonic() < give_up_at, f"{waiting} are still under way after {self._patience:g} s")
            await asyncio.sleep(POLL_SECONDS)

    async def until(self, true: Callable[[], bool], otherwise: str) -> None:
        """Wait for `true`. Raises Missed with `otherwise`."""
        give_up_at = time.monotonic() + self._patience
        while not true():
            expect(time.monotonic() < give_up_at, f"{otherwise} within {self._patience:g} s")
            await asyncio.sleep(POLL_SECONDS)


@dataclass(frozen=True)
class Step:
    """One line of a story: what comes in, and the play that answers what arrived or raises Missed."""

    title: str
    play: Callable[[World], Awaitable[str]]


Play = Callable[[World], Awaitable[str]]


class Story(list[Step]):
    """Steps in order. `step` makes a coroutine the next one; its docstring says what comes in."""

    def step(self, play: Play) -> Play:
        """Decorates the play of a step."""
        self.append(Step((play.__doc__ or "").rstrip("."), play))
        return play


def expect(true: bool, otherwise: str) -> None:  # noqa: FBT001 - reads like assert, but ends a step and not the demo
    """Raises Missed with `otherwise` unless `true`."""
    if not true:
        raise StepFailed(otherwise)


def quoted(row: Row) -> str:
    """The first line of a message, without its markup."""
    first = html.unescape(re.sub("<[^>]+>", "", row.params["text"].split("\n", maxsplit=1)[0]))
    return f"«{first.lstrip('📝⚠️⏰ ')}»"


async def tell(story: Sequence[Step], world: World, console: Console) -> bool:
    """Play `story`, a line as soon as its step has ended; whether all steps arrived."""
    started = time.monotonic()
    _line(console, ("", "time", "what comes in", "what arrives", ""), style="bold")
    good = 0
    for number, step in enumerate(story, start=1):
        arrived, what = await _play(step, world)
        good += arrived
        mark = Text("✓", "green") if arrived else Text("✗", "bold red")
        at = f"{time.monotonic() - started:.1f} s"
        _line(console, (str(number), at, step.title, what if arrived else Text(what, "red"), mark))
    everything = good == len(story)
    verdict = f"{good} of {len(story)} steps arrived in {time.monotonic() - started:.1f} s"
    console.print(Text(f"\n{'✓' if everything else '✗'} {verdict}\n", "bold green" if everything else "bold red"))
    return everything


async def _play(step: Step, world: World) -> tuple[bool, str]:
    try:
        return True, await step.play(world)
    except StepFailed as missed:
        return False, str(missed)
    except Exception as error:  # noqa: BLE001 - a step that breaks is a step that did not arrive; the story goes on
        return False, f"{type(error).__name__}: {error}"


def _line(console: Console, cells: Sequence[str | Text], style: str = "") -> None:
    """One row of the table. Its columns depend on the console's width alone, so that rows can come one by one."""
    table = Table(box=None, show_header=False, expand=True, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(width=2, justify="right", style="dim")
    table.add_column(width=6, justify="right", style="dim")
    table.add_column(ratio=5, overflow="fold")
    table.add_column(ratio=6, overflow="fold")
    table.add_column(width=1)
    table.add_row(*(Text(cell, style) if isinstance(cell, str) else cell for cell in cells))
    console.print(table)


def _replay_last_hour() -> None:
    with connect() as connection:
        replay(connection, _an_hour_ago())


def _redrive_last_hour() -> None:
    selection = Selection(states=["dead"], since=_an_hour_ago())
    with connect() as connection:
        plan = changes.plan(connection, "redrive", selection)
    changes.carry_out(plan)


def _an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def _after(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
