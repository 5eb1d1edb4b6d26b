"""A move of a group is its bot's, audits only grow, and Alembic's table is nobody's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import DictRow, dict_row

from functions.housekeeping.terms import TERMS
from infra.admin import schema
from migrations import runner
from tests.conftest import rows
from tests.helpers import arrange
from tests.helpers.worlds import support
from tests.migrations.tenant_isolation import AURORA, insert

Connection = psycopg.Connection[DictRow]

GROUP, SUPERGROUP = -1001900000102, -1009999999999
POINTERS = """
    select 'desk' as what, telegram_chat_id = %(old)s::text as stays from support.client_settings
    union all select 'salon', chat_id = %(old)s from dashboard.tenant_settings
    union all select 'source of ' || coalesce(bot_id::text, 'nobody'), admin_chat_id = %(old)s
        from platform.webhook_sources where admin_chat_id is not null
    union all select 'alerts of ' || name, alert_chat_id = %(old)s from platform.bots where alert_chat_id is not null
    union all select 'topic of ' || bot_id, chat_id = %(old)s from platform.topics
    union all select 'member seen by ' || bot_id, chat_id = %(old)s from platform.members
"""


@pytest.fixture
def bots(connection: Connection) -> dict[str, int]:
    """Everybody writes to one group: a school's bot, a salon's, a desk's, and one that only alerts."""
    school = arrange.bot(connection)
    desk = support.desk(connection, "beta", GROUP, "7000000002:" + "y" * 35)
    salon = arrange.bot(connection, "salon-aurora", "7000000003:" + "z" * 35, system="salon")
    alerts = arrange.bot(connection, "alerts", "7000000004:" + "w" * 35, alert_chat_id=GROUP)
    connection.execute("update platform.bots set alert_chat_id = %s where id = %s", (GROUP, desk.whatsapp_bot))
    arrange.source(connection, admin_chat_id=GROUP)
    arrange.source(connection, "other", admin_chat_id=GROUP, bot_id=alerts)
    insert(connection, "public.tenants_v2", id=AURORA, name="Аврора")
    insert(connection, "dashboard.tenant_settings", tenant_id=AURORA, bot_id=salon, chat_id=GROUP)
    for bot in (desk.telegram_bot, salon):
        connection.execute(
            "insert into platform.topics (bot_id, chat_id, key, name) values (%s, %s, 'k', 'к')", (bot, GROUP)
        )
        connection.execute("insert into platform.members values (%s, %s, 7)", (bot, GROUP))
    return {"school": school, "desk": desk.telegram_bot, "salon": salon, "alerts": alerts}


def move(connection: Connection, bot: int | None, **columns: int) -> int:
    """How many rows were written."""
    given = {"bot_id": bot, "chat_id": GROUP, "new_chat_id": SUPERGROUP, **columns}
    names, marks = ", ".join(given), ", ".join(["%s"] * len(given))
    statement = f"insert into platform.chat_moves ({names}) values ({marks}) on conflict do nothing"
    return connection.execute(statement.encode(), tuple(given.values())).rowcount


def moved(connection: Connection) -> set[str]:
    """What does not point to the group any more."""
    found = connection.execute(POINTERS, {"old": GROUP}).fetchall()
    return {row["what"] for row in found if not row["stays"]}


def owned(bots: dict[str, int], name: str) -> set[str]:
    """What must follow the group when this bot is told of its move."""
    marked = {f"topic of {bots[name]}", f"member seen by {bots[name]}"}
    return {
        "school": {"source of nobody"},
        "desk": {"desk", "alerts of beta-wa", *marked},
        "salon": {"salon", *marked},
        "alerts": {"alerts of alerts", f"source of {bots['alerts']}"},
    }[name]


@pytest.mark.parametrize("name", ["school", "desk", "salon", "alerts"])
def test_a_move_rewrites_what_belongs_to_its_bot_and_nothing_else(
    connection: Connection, bots: dict[str, int], name: str
) -> None:
    assert move(connection, bots[name]) == 1
    assert moved(connection) == owned(bots, name)


@pytest.mark.parametrize("order", [("desk", "salon"), ("salon", "desk")])
def test_each_bot_of_a_shared_group_brings_its_own_move(
    connection: Connection, bots: dict[str, int], order: tuple[str, str]
) -> None:
    for name in order:
        assert move(connection, bots[name]) == 1
        assert move(connection, bots[name]) == 0, "Telegram tells it twice"

    assert moved(connection) == owned(bots, "desk") | owned(bots, "salon")


@pytest.mark.parametrize("role", ["fn_telegram_webhook", "fn_dispatch_notifications"])
def test_a_function_can_write_no_move_that_is_not_bound(
    connection: Connection, bots: dict[str, int], role: str
) -> None:
    outsider = arrange.bot(connection, "outsider", "7000000005:" + "v" * 35, system="support")
    legacy = sql.SQL(  # as the code of before wrote it, which must not fail
        "insert into platform.chat_moves (old_chat_id, new_chat_id) values (%s, %s)"
        " on conflict (old_chat_id) do nothing"
    )
    with connection.transaction():
        connection.execute(f"set local role {role}".encode())
        assert connection.execute(legacy, (GROUP, SUPERGROUP)).rowcount == 0
        assert move(connection, None) == 0
        assert move(connection, outsider) == 0
        assert move(connection, bots["salon"], chat_id=GROUP - 1) == 0

    assert rows(connection, "select from platform.chat_moves") == []
    assert moved(connection) == set()


AUDITS: dict[str, tuple[str, dict[str, Any]]] = {
    "platform.outbox_audits": ("at", {"actor": "a", "action": "cancel", "selection": "{}", "outbox_ids": [1]}),
    "dashboard.audits": ("created_at", {"action": "a", "description": "d"}),
}


@pytest.mark.parametrize("table", AUDITS)
def test_audits_only_grow_whoever_asks(connection: Connection, table: str) -> None:
    _, columns = AUDITS[table]
    insert(connection, table, **columns)

    for statement in (f"update {table} set actor = 'nobody'", f"delete from {table}", f"truncate {table}"):
        with pytest.raises(InsufficientPrivilege, match="never changed"):
            connection.execute(statement.encode())


@pytest.mark.parametrize("table", AUDITS)
def test_an_audit_leaves_when_the_term_of_housekeeping_is_over(connection: Connection, table: str) -> None:
    time, columns = AUDITS[table]
    [days] = [term.days for term in TERMS if term.table == table]
    for age in (days - 1, days + 1):
        insert(connection, table, **columns, **{time: datetime.now(UTC) - timedelta(days=age)})
    before = f"delete from {table} where {time} < now() - make_interval(days => {days}"

    assert connection.execute(f"{before})".encode()).rowcount == 1
    with pytest.raises(InsufficientPrivilege):
        connection.execute(f"{before} - 2)".encode())


def test_nobody_is_given_what_would_change_evidence(connection: Connection) -> None:
    """Only housekeeping deletes, when its term is over."""
    given = """
        select c.oid::regclass::text as name, a.grantee::regrole::text as role, a.privilege_type as what
        from pg_class c cross join lateral aclexplode(c.relacl) a
        where c.oid = any(array['platform.outbox_audits', 'dashboard.audits', 'platform.outbox_attempts',
                                'support.handover_events']::regclass[])
          and a.grantee <> c.relowner and a.privilege_type not in ('SELECT', 'INSERT')
          and a.grantee <> 'fn_housekeeping'::regrole
    """
    assert rows(connection, given) == []


@pytest.fixture
def open_url(empty_url: str) -> str:
    """A project that gives each new table of `public` to everybody."""
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("alter default privileges in schema public grant all on tables to anon, authenticated")
    return empty_url


def test_nobody_else_reads_or_writes_the_version_of_the_schema(open_url: str) -> None:
    runner.upgrade(open_url)

    with psycopg.connect(open_url, autocommit=True, row_factory=dict_row) as connection:
        check_closed(connection)
        connection.execute("grant all on all tables in schema public to anon, authenticated, public")
        connection.execute("grant update (version_num) on public.carillon_version to anon")
        runner.upgrade(open_url)
        check_closed(connection)
        assert schema.revision(connection) == runner.head()


def check_closed(connection: psycopg.Connection[Any]) -> None:
    for role in ("anon", "authenticated", "service_role", "salon_bot", "fn_telegram_webhook"):
        for statement in ("select from", "delete from", "insert into", "update", "truncate"):
            tail = {"insert into": " values ('x')", "update": " set version_num = 'x'"}.get(statement, "")
            with pytest.raises(InsufficientPrivilege), connection.transaction():
                connection.execute(f"set local role {role}".encode())
                connection.execute(f"{statement} public.carillon_version{tail}".encode())


def test_moves_that_were_known_before_count_for_the_bots_that_write_there(empty_url: str) -> None:
    runner.upgrade(empty_url, "0026_column_grants")
    with psycopg.connect(empty_url, autocommit=True, row_factory=dict_row) as connection:
        connection.execute("insert into platform.chat_moves (old_chat_id, new_chat_id) values (-1, -101), (-2, -102)")
        bots = [arrange.bot(connection, f"bot-{n}", f"700000000{n}:" + "x" * 35) for n in (1, 2, 3)]
        for bot, lane, chat in ((bots[0], "-101", None), (bots[1], "-1/7", "-1"), (bots[2], "-3", None)):
            connection.execute("insert into platform.lanes (bot_id, lane, chat) values (%s, %s, %s)", (bot, lane, chat))

        runner.upgrade(empty_url, "0027_walls")
        known = rows(connection, "select bot_id, chat_id, new_chat_id from platform.chat_moves order by bot_id")
        assert known == [{"bot_id": bot, "chat_id": -1, "new_chat_id": -101} for bot in bots[:2]]

        runner.downgrade(empty_url, "0026_column_grants")
        former = rows(connection, "select old_chat_id, new_chat_id from platform.chat_moves")
        assert former == [{"old_chat_id": -1, "new_chat_id": -101}]
