"""`make demo` and `make dev` do not touch a database on which somebody lives, unless its name is typed."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from infra.admin.errors import AdminError
from infra.demo import dev, guard
from infra.local import postgres
from shared.errors import ConfigError
from tests.helpers import arrange


@pytest.fixture
def name(direct_url: str, connection: psycopg.Connection[Any]) -> str:
    """The name of a database that has sent a message."""
    connection.execute(
        "insert into platform.outbox (bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy,"
        " state, finished_at) values (%s, 7, '7', 'getcourse/answer', 'sendMessage', '{}', 'k', 'c', 'at_least_once',"
        " 'sent', now())",
        (arrange.bot(connection),),
    )
    return urlsplit(direct_url).path.removeprefix("/")


def test_one_that_has_sent_messages_is_refused_until_its_name_is_typed(server_url: str, name: str) -> None:
    with pytest.raises(AdminError, match="has sent messages; nothing was changed") as refused:
        guard.check(server_url, name, typed=False)

    assert f"make demo DATABASE={name}" in refused.value.next_step
    guard.check(server_url, name, typed=True)
    guard.check(server_url, "carillon_test_nobody_has_this", typed=False)


def test_what_the_demo_itself_sent_is_nothing_to_lose(server_url: str, name: str) -> None:
    guard.mark(postgres.named(server_url, name))

    guard.check(server_url, name, typed=False)


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"DATABASE_URL": "postgresql://u:p%@h/d"}, ConfigError),
        ({"DATABASE_URL": "postgresql://u:p@h/d", "SERVER_ENV": "prod"}, (AdminError, ConfigError)),
    ],
)
def test_a_server_that_no_command_would_take_is_refused(
    settings: dict[str, str], error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting, value in settings.items():
        monkeypatch.setenv(setting, value)

    with pytest.raises(error):
        guard.check_server()


def test_the_command_says_what_is_wrong_with_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p%@h/d")

    assert dev.main([]) == 1
    assert "✗ DATABASE_URL" in capsys.readouterr().err
