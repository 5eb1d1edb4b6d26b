"""The owner's pages: a year of a hundred dialogs a day, with a thousand other salons beside it in the same tables.

The function as it is deployed, asked by a browser that is signed in: `page_p95_ms` of each page as it opens,
`month_ms` of the slowest page about a whole month, `first_page_kb` of all that a browser fetches for its first page.
"""

import hashlib
import re
import secrets
import statistics
import time
from http.client import HTTPConnection

import psycopg
from psycopg import sql as composing
from rich.progress import track

from tests.benchmarks import servers
from tests.benchmarks.measuring import BenchmarkError, Plan, Result, percentile, rounded

NEIGHBOURS, DAYS, DIALOGS, MESSAGES = 1_000, 365, 100, 8
DEFAULT_SECONDS = 15.0  # of a usual plan: five rounds of three seconds
PAGES = ("today", "funnel", "services", "sessions", "bookings", "waiting")
GOALS = {"first_page_kb": "<= 30", "page_p95_ms": "<= 50", "month_ms": "<= 100"}
SESSION = "__Host-carillon"

FILL = (
    """
    insert into public.tenants_v2 (id, name, slug) select md5('tenant' || n)::uuid, 'Salon ' || n, 'salon-' || n
    from generate_series(0, {neighbours}) n
    """,
    """
    insert into public.clients_v2 (id, tenant_id, full_name)
    select md5('client' || n)::uuid, md5('tenant' || n % 1000)::uuid, 'Guest ' || n from generate_series(0, 9999) n
    """,
    """
    insert into dashboard.tenant_settings (tenant_id, timezone)
    select md5('tenant' || n)::uuid, 'Europe/Moscow' from generate_series(0, {neighbours}) n
    """,
    # In the order of time, ours among the neighbours', who have one dialog for each of our ten.
    """
    insert into public.conversation_sessions_v2 (
        session_id, tenant_id, user_id, channel, started_at, final_status, booking_id, booking_datetime, booking_amount,
        booking_currency, messages_count, meta, summary)
    select md5('session' || s || '/' || n)::uuid, md5('tenant' || s)::uuid, md5('client' || n % 10 * 1000)::uuid,
           'telegram',
           now() - n * {days}::float8 / {dialogs} / {days} * interval '1 day',
           case when n % 3 = 0 then 'done' else 'dropped' end, case when n % 3 = 0 then s || '-' || n end,
           now() - n * {days}::float8 / {dialogs} / {days} * interval '1 day' + interval '2 days',
           case when n % 3 = 0 then 9000 end, case when n % 3 = 0 then 'KZT' end, {messages},
           case when n % 3 = 0 then '{{"services_mentioned": ["маникюр", "педикюр"]}}'::jsonb
                else '{{"drop_off_stage": "time_selection"}}'::jsonb end, repeat('What was said. ', 10)
    from generate_series({days} * {dialogs} - 1, 0, -1) n
    cross join lateral (
        select 0 as s union all select 1 + n * 10 % {neighbours} + i from generate_series(0, 9) i) salons
    """,
    """
    insert into public.recent_history_v2 (tenant_id, user_id, session_id, role, message, created_at)
    select md5('tenant0')::uuid, s.user_id, s.session_id, case when i % 2 = 0 then 'user' else 'assistant' end,
           repeat('How are you? ', 8), s.started_at + i * interval '7 seconds'
    from public.conversation_sessions_v2 s cross join generate_series(0, {messages} - 1) i
    where s.tenant_id = md5('tenant0')::uuid
    order by s.started_at
    """,
    """
    insert into dashboard.bookings (tenant_id, external_id, client_id, start_at, status, verified_at, look_at,
                                    created_at)
    select tenant_id, booking_id, user_id::text, booking_datetime,
           (array['completed', 'completed', 'completed', 'no_show', 'cancelled'])[1 + id % 5], started_at, 'infinity',
           started_at
    from public.conversation_sessions_v2 where booking_id is not null order by id
    """,
    """
    insert into public.wishlist_v2 (tenant_id, user_id, item_type, item_id, status, created_at)
    select md5('tenant' || n % {neighbours})::uuid, md5('client' || n % {neighbours})::uuid, 'service', 'x',
           case when n % 20 = 0 then 'pending' else 'converted' end, now() - n * interval '1 minute'
    from generate_series(0, 99999) n
    """,
    """
    insert into dashboard.metrics_dailies (tenant_id, day, begins_at, ends_at, answers, waited_ms)
    select md5('tenant' || s)::uuid, d::date, d at time zone 'Europe/Moscow',
           (d + interval '1 day') at time zone 'Europe/Moscow', 400, 2800000
    from generate_series(0, {neighbours}) s
    cross join generate_series(date_trunc('day', now() at time zone 'Europe/Moscow') - interval '{days} days',
                               date_trunc('day', now() at time zone 'Europe/Moscow') - interval '1 day',
                               interval '1 day') d
    """,
    """
    insert into dashboard.users (id, email, role, tenant_id)
    values (1, 'owner@salon.invalid', 'admin', md5('tenant0')::uuid)
    """,
)


def measure(plan: Plan) -> Result:
    """Open every page again and again, then each for a month."""
    share = min(1.0, plan.rounds * plan.seconds / DEFAULT_SECONDS)
    neighbours, days = max(10, round(NEIGHBOURS * share) // 10 * 10), max(60, round(DAYS * share))
    with servers.database() as url, psycopg.connect(url, autocommit=True) as connection:
        plan.screen.print(f"[dim]{days * DIALOGS * 11} dialogs are made[/]")
        _fill(connection, neighbours, days)
        running = servers.start(
            servers.function("salon_pages"), "salon_pages", plan.printed, **servers.ASGI,
            DATABASE_URL=url, SALON_PAGES_URL="http://127.0.0.1",
        )  # fmt: skip
        with servers.serving(running):
            browser = Browser(running.port, _sign_in(connection))
            first_page_kb = browser.first_page() / 1000
            used_before = servers.cpu_seconds(running)
            opened = [
                browser.open(f"/salons/salon-0/{name}")
                for name in track(PAGES * max(3, round(20 * share)), "pages", console=plan.screen, transient=True)
            ]
            cpu_ms = 1000 * (servers.cpu_seconds(running) - used_before) / len(opened)
            months = {name: statistics.median(browser.open(_month(name)) for _ in range(5)) for name in PAGES[:-1]}
    figures: dict[str, float | str] = {
        "first_page_kb": rounded(first_page_kb),
        "page_p50_ms": percentile(opened[len(PAGES) :], 50),
        "page_p95_ms": percentile(opened[len(PAGES) :], 95),
        "cpu_ms": rounded(cpu_ms),
        "month_ms": rounded(max(months.values())),
        **{f"month_{name}_ms": rounded(ms) for name, ms in months.items()},
        "dialogs": days * DIALOGS,
        "neighbours": neighbours,
    }
    return Result("pages", figures, {}, GOALS)


class Browser:
    """A kept connection with a session's cookie."""

    def __init__(self, port: int, token: str) -> None:
        """`token` is the session's."""
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"cookie": f"{SESSION}={token}", "accept-encoding": "gzip"}
        self._received = 0

    def open(self, path: str) -> float:
        """Milliseconds until the page is there, whole. Raises BenchmarkError."""
        started = time.perf_counter()
        self._get(path)
        return (time.perf_counter() - started) * 1000

    def first_page(self) -> int:
        """Bytes of the bodies and headers of the first page and of all that it names."""
        self._connection.request("GET", "/salons/salon-0/today", headers={"cookie": self._headers["cookie"]})
        html = self._connection.getresponse().read().decode()
        self._received = 0
        self._get("/salons/salon-0/today")
        for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', html):
            self._get(path)
        if re.search(r'(?:href|src|action)="(?:https?:)?//', html):
            raise BenchmarkError("the first page asks somebody else")
        return self._received

    def _get(self, path: str) -> None:
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise BenchmarkError(f"{path} was answered {answer.status}")
        self._received += len(body) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders())


def _month(name: str) -> str:
    today = time.time()
    first, last = (time.strftime("%Y-%m-%d", time.gmtime(today - back * 86_400)) for back in (30, 1))
    return f"/salons/salon-0/{name}?from={first}&to={last}"


def _fill(connection: psycopg.Connection, neighbours: int, days: int) -> None:
    connection.execute("set session_replication_role = replica")  # what is made here refers to what is made here
    numbers = {"neighbours": neighbours, "days": days, "dialogs": DIALOGS, "messages": MESSAGES}
    named = {name: composing.Literal(number) for name, number in numbers.items()}
    for statement in FILL:
        connection.execute(composing.SQL(statement).format(**named))
    connection.execute("vacuum (freeze, analyze)")
    connection.execute("checkpoint")


def _sign_in(connection: psycopg.Connection) -> str:
    token = secrets.token_urlsafe(32)
    connection.execute(
        "insert into dashboard.page_sessions (id_hash, user_id, way, expires_at)"
        " values (%s, 1, 'link', now() + interval '1 day')",
        (hashlib.sha256(token.encode()).digest(),),
    )
    return token
