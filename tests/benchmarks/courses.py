"""A curator marks a session, people write /start, a broadcast to 100,000 is planned; functions as deployed."""

import random
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

import psycopg
from rich.progress import track

from tests.benchmarks import bot_stack, servers
from tests.benchmarks.bot_stack import journal, post
from tests.benchmarks.courses_planning import measure_planning
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, median, percentile
from tests.helpers import arrange

PER_SECOND_OF_PLAN = 50 / 15  # 50 of each with the usual five rounds of three seconds
WARM_UP = 5
GAP_SECONDS = (0.05, 0.2)
TIMEOUT_SECONDS = 20.0
POLL_SECONDS = 0.02  # when it arrived, the stand-in says
BOT, BOT_NAME, TOKEN = 7_000_000_003, "course-tg", "7000000003:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
CURATOR, PEOPLE, ABSENT = 730_000_000, 40, 5
PEOPLE_OF_A_PLAN = 100_000
DEFAULT_SECONDS = 3.0
GOALS = {
    "edited_p95_ms": "<= 100", "start_p95_ms": "<= 100", "presses": "<= 8", "marked_s": "<= 30", "plan_s": "<= 5",
    "plan_mb": "<= 200",
}  # fmt: skip

_SCHOOL = """
insert into courses.school (name, bot_id) values ('Школа', {bot});
insert into courses.consent_texts (purpose, version, text_ru, text_en)
select purpose, 1, 'Да?', 'Yes?' from unnest(enum_range(null::courses.consent_purpose)) purpose;
insert into courses.users (id, telegram_id, full_name, role)
select n, {curator} + n, 'Участник ' || lpad(n::text, 2, '0'),
       case n when 0 then 'curator' else 'user' end::courses.role
from generate_series(0, {people}) n;
insert into courses.participants (user_id) select id from courses.users where role = 'user';
insert into courses.consents (telegram_id, purpose, version)
select telegram_id, purpose, 1 from courses.users, unnest(enum_range(null::courses.consent_purpose)) purpose;
insert into courses.sessions (id, start_date, title)
select n, current_date - n, 'Занятие ' || n from generate_series(1, 8) n;
insert into courses.attendance (user_id, session_id, status)
select u.id, s.id, 'present' from courses.users u, courses.sessions s where u.role = 'user' and s.id > 2;
"""


class Bot:
    """The curator's chat with the bot: what is written and pressed there, and how long the bot takes."""

    def __init__(self, telegram: HTTPConnection) -> None:
        self._telegram = telegram
        self._screen: dict[str, Any] = {}  # the parameters of the last one
        self._message_id = 0
        self._seen = {"sendMessage": 0, "editMessageText": 0}

    def start(self) -> float:
        """Write /start; milliseconds until the answer is there."""
        row, took = self._timed("sendMessage", "say", text="/start")
        self._message_id = row["answer"]["result"]["message_id"]
        return took

    def press(self, part: str) -> float:
        """Press the button whose data has `part` in it; milliseconds until the card is edited."""
        data = next(data for data in self.buttons() if part in data)
        return self._timed("editMessageText", "press", message_id=self._message_id, data=data)[1]

    def buttons(self) -> list[str]:
        """The data of the buttons that are shown."""
        rows = self._screen["reply_markup"]["inline_keyboard"]
        return [button["callback_data"] for row in rows for button in row]

    def _timed(self, method: str, what: str, **body: Any) -> tuple[dict[str, Any], float]:
        where = {"bot": BOT, "chat_id": CURATOR, "from_id": CURATOR}
        begun_at = time.time()
        post(self._telegram, f"/_sandbox/{what}", **where, **body)
        self._seen[method] += 1
        end = time.monotonic() + TIMEOUT_SECONDS
        while len(rows := journal(self._telegram, method)) < self._seen[method]:
            if time.monotonic() > end:
                raise BenchmarkError(f"{what} had no {method}")
            time.sleep(POLL_SECONDS)
        self._screen = rows[-1]["params"]
        return rows[-1], (rows[-1]["unix"] - begun_at) * 1000


def measure(plan: Plan) -> Result:
    """One after the other, as one person does it; then the plan."""
    count = max(10, round(plan.rounds * plan.seconds * PER_SECOND_OF_PLAN))
    with servers.database() as url:
        _arrange(url)
        with bot_stack.served(url, plan.printed, BOT_NAME, TOKEN) as (telegram, _):
            curator = Bot(telegram)
            starts = _repeated(plan, "start", count, curator.start)
            curator.press("held_sessions:open")
            curator.press("attendance:open:2.")
            edits = _repeated(plan, "press", count, lambda: curator.press("attendance:mark:"))
            presses, seconds = _mark_all(curator)
    people = max(1000, round(PEOPLE_OF_A_PLAN * min(1.0, plan.seconds / DEFAULT_SECONDS)))
    planned, megabytes = measure_planning(plan.rounds, people)
    figures: dict[str, float | str] = {
        "edited_p50_ms": percentile(edits, 50), "edited_p95_ms": percentile(edits, 95),
        "start_p50_ms": percentile(starts, 50), "start_p95_ms": percentile(starts, 95),
        "presses": presses, "marked_s": median([seconds]),
        "planned": people, "plan_s": median(planned), "plan_mb": median([megabytes]),
    }  # fmt: skip
    return Result("courses", figures, {}, GOALS)


def _arrange(url: str) -> None:
    """A school of some people and sessions, its bot, and nothing noted of the last two sessions."""
    with psycopg.connect(url, autocommit=True) as connection:
        bot = arrange.bot(connection, BOT_NAME, TOKEN, system="courses", private_pace="0", rate_per_second=1000)
        connection.execute(_SCHOOL.format(bot=bot, curator=CURATOR, people=PEOPLE).encode())
        connection.execute("vacuum analyze")


def _repeated(plan: Plan, what: str, count: int, once: Callable[[], float]) -> list[float]:
    """The milliseconds of `count`, after some to get warm."""
    took = []
    for _ in track(range(WARM_UP + count), what, console=plan.screen, transient=True):
        time.sleep(random.uniform(*GAP_SECONDS))
        took.append(once())
    return took[WARM_UP:]


def _mark_all(curator: Bot) -> tuple[int, float]:
    """The newest session: everybody was there but five; how many presses on its card, and how long the bot took."""
    curator.start()
    curator.press("held_sessions:open")
    curator.press("attendance:open:1.")
    absent = [f"attendance:mark:1.{number}." for number in range(1, ABSENT + 1)]
    took = [curator.press(part) for part in ("attendance:open:1.0.all", "attendance:all:", *absent)]
    return len(took), sum(took) / 1000
