"""Every rule ends what is older than its term, nothing younger, and nothing at all in a dry run; as its own role."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from functions.housekeeping.retention import RULES, SQL, parameters
from functions.housekeeping.terms import Term
from tests.conftest import rows
from tests.functions.housekeeping.cases import CASES
from tests.helpers import arrange, learning
from tests.helpers.worlds import salon, support
from tests.helpers.worlds.support import insert

Plain = psycopg.Connection[DictRow]

BY_RULE = {term.rule: term for term in RULES}
SECOND_TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
THIRD_TOKEN = "7000000003:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


@pytest.fixture(scope="module")
def plain(module_direct_url: str) -> Iterator[Plain]:
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture(scope="module")
def world(plain: Plain) -> dict[str, Any]:
    """Ids of what rows belong to."""
    desk, tenant = support.desk(plain), salon.salon(plain).id
    client, _ = learning.client(plain)
    return {
        "source": arrange.source(plain), "bot": arrange.bot(plain, token=SECOND_TOKEN),
        "mentor": arrange.mentor(plain, getcourse_id="1"), "desk": desk.id,
        "conversation": support.conversation(plain, desk), "client": client,
        "tenant": tenant, "user": insert(plain, "dashboard.users", role="admin", tenant_id=tenant),
    }  # fmt: skip


def apply(plain: Plain, term: Term, *, dry_run: bool = False) -> int:
    """How many rows the rule found due, as its role."""
    plain.execute("set local role fn_housekeeping")
    [found] = plain.execute(SQL[term.rule], parameters(term, None, dry_run=dry_run)).fetchall()
    plain.execute("reset role")
    return int(found["due"])


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_ends_what_is_older_than_its_term(plain: Plain, world: dict[str, Any], rule: str) -> None:
    case, term = CASES[rule], BY_RULE[rule]
    with plain.transaction(force_rollback=True):
        plain.execute(case.insert, {**world, "ages": [0, term.days - 1, term.days + 2, term.days + 40]})
        all_ages = [row["age"] for row in plain.execute(case.left)]

        assert apply(plain, term, dry_run=True) == 2
        assert [row["age"] for row in plain.execute(case.left)] == all_ages
        assert apply(plain, term) == 2
        assert [row["age"] for row in plain.execute(case.left)] == all_ages[:2]
        assert apply(plain, term) == 0


def test_every_rule_is_tried_here() -> None:
    assert BY_RULE.keys() == CASES.keys() | {"delete_customers", "delete_sessions"}
    assert BY_RULE.keys() == SQL.keys()


def test_a_customer_who_is_silent_for_two_years_goes_with_everything(plain: Plain) -> None:
    with plain.transaction(force_rollback=True):
        desk = support.desk(plain, "silent", token=THIRD_TOKEN)
        for number, age in enumerate((1, 729, 731)):
            talk = support.conversation(plain, desk, f"7701999000{number}@s.whatsapp.net")
            [user] = rows(plain, "select user_id from support.conversations where id = %s", talk)
            key = f"support/user/{user['user_id']}"
            support.insert(plain, "support.messages", conversation_id=talk, client_id=desk.id, role="user")
            support.insert(plain, "support.handovers", conversation_id=talk, client_id=desk.id, trigger_type="keyword")
            support.insert(plain, "platform.topics", bot_id=desk.telegram_bot, chat_id=-100, key=key, name="Айгерим")
            plain.execute(
                "update support.conversations set last_message_at = now() - make_interval(days => %s) where id = %s",
                (age, talk),
            )
        tables = ("users", "addresses", "conversations", "messages", "handovers")
        count = " union all ".join(f"select '{name}' as name, count(*) as n from support.{name}" for name in tables)
        count += " union all select 'topics', count(*) from platform.topics"
        before = {row["name"]: row["n"] for row in rows(plain, count)}

        assert apply(plain, BY_RULE["delete_customers"], dry_run=True) == 1
        assert {row["name"]: row["n"] for row in rows(plain, count)} == before
        assert apply(plain, BY_RULE["delete_customers"]) == 1
        assert {row["name"]: before[row["name"]] - row["n"] for row in rows(plain, count)} == dict.fromkeys(before, 1)


def test_a_session_that_somebody_still_uses_stays(plain: Plain) -> None:
    """Its own row is as old as the session; a message or a synopsis shows that it is in use."""
    with plain.transaction(force_rollback=True):
        client = learning.client(plain)
        unused, written, noted = (learning.learner(plain, client) for _ in range(3))
        learning.insert(plain, "learning.chat_messages", thread_id=written.threads["chat"], role="user", content="Да")
        learning.insert(plain, "learning.synopses", session_id=noted.session, origin="live")
        with arrange.unchecked(plain):
            plain.execute("update learning.track_sessions set updated_at = now() - interval '366 days'")
            plain.execute("update learning.users set updated_at = now() - interval '366 days'")

        assert apply(plain, BY_RULE["delete_learners"], dry_run=True) == 0
        assert apply(plain, BY_RULE["delete_sessions"]) == 1
        left = rows(plain, "select id from learning.track_sessions order by id")
        assert [row["id"] for row in left] == sorted([written.session, noted.session])
        assert apply(plain, BY_RULE["delete_learners"]) == 1
        assert rows(plain, "select from learning.users where device_id = %s", unused.device) == []


def test_the_newest_copy_of_a_dialog_stays_for_the_copying_to_go_on(plain: Plain, world: dict[str, Any]) -> None:
    with plain.transaction(force_rollback=True):
        plain.execute(CASES["delete_dialogs"].insert, {**world, "ages": [800, 900]})

        assert apply(plain, BY_RULE["delete_dialogs"]) == 1
        assert rows(plain, "select 10000 - session as age from dashboard.conversations") == [{"age": 800}]


def test_an_answer_that_still_waits_keeps_its_payload(plain: Plain) -> None:
    with plain.transaction(force_rollback=True):
        arrange.event(plain, user_id="1", answer_id="1", raw_payload="{}", created_at="2020-01-01")

        assert apply(plain, BY_RULE["empty_raw_payloads"]) == 0


@pytest.mark.parametrize("rule", BY_RULE)
def test_what_is_due_is_found_without_reading_the_table(plain: Plain, rule: str) -> None:
    with plain.transaction(force_rollback=True):
        plain.execute("set local enable_seqscan = off")
        explained = plain.execute(b"explain " + SQL[rule].encode(), parameters(BY_RULE[rule], 5000, dry_run=False))
        plan = "\n".join(str(line["QUERY PLAN"]) for line in explained)

    scanned = {line.split(" on ")[1].split()[0] for line in plan.splitlines() if "Seq Scan on" in line}
    assert scanned <= {"failed_updates"}  # a handful of rows, ever
