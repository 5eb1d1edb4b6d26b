"""carillon sources."""

import json
from datetime import datetime

import psycopg
import pytest

from shared.credentials import secrets
from tests.conftest import rows
from tests.helpers import arrange, canaries
from tests.infra.cli.conftest import Carillon

OWN = "a-secret-of-at-least-24-characters"


def test_a_generated_secret_is_shown_once_and_only_its_hash_is_kept(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    added = carillon("sources", "add", "getcourse", "school", "--json").json

    assert added["path"] == f"/getcourse/school?secret={added['secret']}"
    kept = rows(connection, "select secret_hash from platform.source_secrets")
    assert [row["secret_hash"] for row in kept] == [secrets.hash_secret(added["secret"])]
    assert added["secret"] not in carillon("sources", "list", "--json").out


def test_a_source_keeps_its_settings(carillon: Carillon, connection: psycopg.Connection[object]) -> None:
    bot = arrange.bot(connection)
    added = carillon(
        "sources", "add", "getcourse", "school", "--secret", canaries.SOURCE_SECRET, "--map", "answer_text=text",
        "--map", "user_id=uid", "--admin-chat", "-1001234567890", "--timezone", "Asia/Yekaterinburg", "--bot", "school",
        "--link", "https://school.example/{answer_id}", "--collapse", "10", "--language", "en",
    )  # fmt: skip

    assert added.code == 0
    (row,) = rows(connection, "select * from platform.webhook_sources")
    assert row["field_map"] == {"answer_text": "text", "user_id": "uid"}
    assert (row["admin_chat_id"], row["timezone"], row["bot_id"]) == (-1001234567890, "Asia/Yekaterinburg", bot)
    assert (row["link_template"], row["collapse_seconds"], row["language"]) == (
        "https://school.example/{answer_id}",
        10,
        "en",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        ["--timezone", "Moscow"],
        ["--timezone", "../etc/passwd"],
        ["--map", "answer=text"],
        ["--map", "answer_text"],
        ["--secret", "short"],
        ["--link", "javascript:alert(1)"],
        ["--collapse", "-1"],
    ],
)
def test_what_cannot_be_right_is_a_usage_error(
    carillon: Carillon, connection: psycopg.Connection[object], wrong: list[str]
) -> None:
    assert carillon("sources", "add", "getcourse", "school", *wrong).code == 2
    assert rows(connection, "select from platform.webhook_sources") == []


def test_the_same_name_twice_and_an_unknown_bot_are_refused(carillon: Carillon) -> None:
    assert carillon("sources", "add", "getcourse", "school").code == 0
    assert "rotate" in carillon("sources", "add", "getcourse", "school").err
    assert "carillon bots list" in carillon("sources", "add", "getcourse", "other", "--bot", "nobody").err


def test_two_secrets_are_valid_during_a_rotation_and_a_third_replaces_the_oldest(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    first, second, third = (
        carillon("sources", *command, "--json").json["secret"]
        for command in (
            ["add", "getcourse", "school"],
            ["rotate", "school"],
            ["rotate", "school", "--keep-old-for", "7d"],
        )
    )

    kept = {
        bytes(row["secret_hash"]): row
        for row in rows(connection, "select *, valid_to - now() as rest from platform.source_secrets")
    }
    assert set(kept) == {secrets.hash_secret(second), secrets.hash_secret(third)}
    assert kept[secrets.hash_secret(third)]["valid_to"] is None
    assert 6 <= kept[secrets.hash_secret(second)]["rest"].days <= 7
    assert secrets.hash_secret(first) not in kept


def test_a_secret_kept_for_no_time_is_invalid_at_once(carillon: Carillon) -> None:
    carillon("sources", "add", "getcourse", "school")
    carillon("sources", "rotate", "school", "--keep-old-for", "0")

    (source,) = carillon("sources", "list", "--json").json
    assert source["secrets"] == 1


def test_a_source_of_ones_own_secret_does_not_show_it(carillon: Carillon) -> None:
    assert OWN not in carillon("sources", "add", "getcourse", "school", "--secret", OWN).out


def test_an_unknown_source_cannot_be_rotated(carillon: Carillon) -> None:
    assert "carillon sources list" in carillon("sources", "rotate", "school").err


def test_listings_are_json_and_nothing_else(carillon: Carillon) -> None:
    carillon("sources", "add", "getcourse", "school")

    listed = json.loads(carillon("sources", "list", "--json").out)
    assert datetime.fromisoformat(listed[0]["created_at"]).tzinfo
