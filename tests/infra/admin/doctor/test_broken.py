"""Whatever is broken on purpose gets its line: what is wrong, and the next step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Thread
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from infra.admin.doctor import examination, platform, settings
from infra.admin.doctor.finding import Finding
from infra.admin.doctor.outside.questions import answered
from tests.infra.admin.doctor.broken import CASES, Broken
from tests.infra.admin.doctor.installation import (
    Handler,
    Outside,
    install,
)  # fmt: skip

Connection = psycopg.Connection[DictRow]

PATIENCE = 60.0  # of a busy machine


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    with Outside(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


@dataclass(frozen=True)
class Installation:
    """The database, and what a healthy world answers."""

    connection: Connection
    healthy: Mapping[str, Any]


@pytest.fixture(scope="module")
def installed(module_direct_url: str) -> Iterator[Installation]:
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        yield Installation(connection, install(connection))


@pytest.fixture
def environment(outside: Outside, module_direct_url: str, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in outside.settings(module_direct_url).items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def wrong(connection: Connection, *, offline: bool) -> list[Finding]:
    """All lines but those that are ok."""
    lines = [platform.migrations(connection), *settings.settings(), *examination.inspect(connection)]
    return [finding for finding in answered(lines, offline=offline, deadline=PATIENCE) if finding.status != "ok"]


@pytest.mark.usefixtures("environment")
def test_everything_is_in_order(installed: Installation, outside: Outside) -> None:
    outside.answers = installed.healthy

    assert wrong(installed.connection, offline=False) == []
    report = examination.examine(offline=True)
    assert (report.status, report.looked) == ("ok", True)
    areas = {finding.area for finding in report.findings}
    assert {"settings", "database", "sources", "last run", "bots", "alerts", "chats", "support", "salon"} <= areas


def test_a_platform_that_vouches_for_callers_needs_no_secret(
    installed: Installation, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("CRON_SECRET", "")
    environment.setenv("CRON_SECRET_IS_PLATFORM", "1")

    assert wrong(installed.connection, offline=True) == []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_broken_is_named_with_the_next_step(
    case: Broken, installed: Installation, outside: Outside, environment: pytest.MonkeyPatch
) -> None:
    outside.answers = {**installed.healthy, **case.outside}
    for name, value in case.settings.items():
        environment.setenv(name, value)
    with installed.connection.transaction(force_rollback=True):
        if case.sql:
            installed.connection.execute(case.sql.encode())
        findings = wrong(installed.connection, offline=not case.is_asked)

    assert all(finding.next_step for finding in findings)
    found = [
        finding
        for finding in findings
        if (finding.status, finding.area) == (case.status, case.area) and case.message in finding.message
    ]
    assert found, findings
    assert case.step in found[0].next_step
    assert not case.alone or found == findings


def test_a_check_that_cannot_look_is_a_line_and_the_others_go_on(
    installed: Installation, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("POKE", "")
    with installed.connection.transaction(force_rollback=True):
        installed.connection.execute("alter table platform.inbox rename to renamed")
        findings = wrong(installed.connection, offline=True)

    assert [(finding.status, finding.area) for finding in findings] == [("problem", "unparsed")]
    assert "carillon db upgrade" in findings[0].next_step


def test_without_a_database_nobody_can_look(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    report = examination.examine(offline=True)

    assert (report.status, report.looked) == ("unknown", False)
    assert [(finding.status, finding.area) for finding in report.findings][-1] == ("problem", "database")
