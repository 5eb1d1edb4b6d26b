"""A manager presses «Беру» → the toast and the edited card at the Telegram stand-in; all processes as deployed."""

import asyncio
import random
import time
from dataclasses import dataclass
from http.client import HTTPConnection

import psycopg
from psycopg.rows import dict_row
from rich.progress import track

from shared.database.pool import Database
from shared.support import conversations, open_handover, outgoing
from tests.benchmarks import bot_stack, servers
from tests.benchmarks.bot_stack import journal, post
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, percentile
from tests.helpers.worlds import support

PER_SECOND_OF_PLAN = 50 / 15  # 50 presses with the usual five rounds of three seconds
WARM_UP = 5
GAP_SECONDS = (0.05, 0.2)
TIMEOUT_SECONDS = 20.0
TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
BOT = 7_000_000_002
MANAGER = 7_100_000_001
GOALS = {"edited_p95_ms": "<= 40"}


@dataclass(frozen=True)
class Card:
    """A card that hangs in its topic."""

    number: int
    message_id: int


def measure(plan: Plan) -> Result:
    """Press the button of one card after another and see when who pressed and the card know it."""
    count = max(10, round(plan.rounds * plan.seconds * PER_SECOND_OF_PLAN))
    with servers.database() as url:
        asyncio.run(arrange_cards(url, WARM_UP + count))
        with bot_stack.served(url, plan.printed, "echo-tg", TOKEN) as (telegram, dispatch):
            cards = hang(url, dispatch, WARM_UP + count)
            telegram.close()  # opened anew by the next request: nobody keeps it while cards arrive
            pressed = [_press(telegram, card) for card in track(cards, "press", console=plan.screen, transient=True)]
            toasts, edits = _arrivals(telegram, pressed)
    toast, edited = ([ms for _, ms in sorted(found.items())[WARM_UP:]] for found in (toasts, edits))
    figures: dict[str, float | str] = {
        "toast_p50_ms": percentile(toast, 50),
        "toast_p95_ms": percentile(toast, 95),
        "edited_p50_ms": percentile(edited, 50),
        "edited_p95_ms": percentile(edited, 95),
        "presses": count,
    }
    return Result("press", figures, {}, GOALS)


async def arrange_cards(url: str, count: int) -> None:
    """A desk, echo, whose cards are on their way."""
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        tenant = support.desk(connection, token=TOKEN)
        connection.execute("update platform.bots set private_pace = '0', group_pace = '0', rate_per_second = 1000")
        opened = [support.conversation(connection, tenant, f"7701{n:07}@s.whatsapp.net") for n in range(count)]
    database = Database(url)
    for conversation in opened:
        async with database.transaction() as connected:
            [locked] = await conversations.lock(connected, [conversation])
            _, cards = await open_handover.open_handover(connected, locked, "keyword", "оператор", "c" * 32)
            await outgoing.enqueue_linked(connected, cards)
    await database.close()


def hang(url: str, dispatch: HTTPConnection, count: int) -> list[Card]:
    """The cards, once they have arrived. Raises BenchmarkError."""
    query = "select number, telegram_message_id from support.handovers where telegram_message_id is not null order by 1"
    end = time.monotonic() + TIMEOUT_SECONDS
    with psycopg.connect(url, autocommit=True) as connection:
        while len(found := connection.execute(query).fetchall()) < count:
            if time.monotonic() > end:
                raise BenchmarkError(f"{len(found)} of {count} cards arrived")
            post(dispatch, "/?seconds=10")
        connection.execute("vacuum analyze")
    return [Card(*row) for row in found]


def _press(telegram: HTTPConnection, card: Card) -> tuple[Card, float, str]:
    """Press «Беру»; the card, when that was (in seconds since 1970), and the press's id."""
    time.sleep(random.uniform(*GAP_SECONDS))
    where = {"bot": BOT, "chat_id": support.CHAT, "from_id": MANAGER, "message_id": card.message_id}
    pressed_at = time.time()
    answered = post(telegram, "/_sandbox/press", **where, data=f"support/take/{card.number}")
    if answered.get("performed") != "answerCallbackQuery":
        raise BenchmarkError(f"a press was answered {answered.get('status')}, without a toast")
    return card, pressed_at, str(answered["callback_query_id"])


def _arrivals(
    telegram: HTTPConnection, pressed: list[tuple[Card, float, str]]
) -> tuple[dict[int, float], dict[int, float]]:
    """Milliseconds until each toast and each edit, by the card's number. Raises BenchmarkError when one is missing."""
    toasts = {row["params"]["callback_query_id"]: row for row in journal(telegram, "answerCallbackQuery")}
    end = time.monotonic() + TIMEOUT_SECONDS
    while len(rows := journal(telegram, "editMessageText")) < len(pressed) and time.monotonic() < end:
        time.sleep(0.2)
    edits = {row["params"]["message_id"]: row for row in rows}
    if len(rows) != len(pressed) or len(edits) != len(pressed) or len(toasts) != len(pressed):
        raise BenchmarkError(f"{len(pressed)} presses became {len(toasts)} toasts and {len(rows)} edits")
    if wrong := [row for row in toasts.values() if not row["params"]["text"].startswith("Вы взяли")]:
        raise BenchmarkError(f"{len(wrong)} presses took nothing")
    toast_ms = {card.number: (toasts[query_id]["unix"] - at) * 1000 for card, at, query_id in pressed}
    edit_ms = {card.number: (edits[card.message_id]["unix"] - at) * 1000 for card, at, _ in pressed}
    return toast_ms, edit_ms
