"""carillon sources."""

import json
from datetime import datetime

import psycopg
import pytest

from shared.credentials import secrets
from shared.credentials.webhook_sources import signing_secret_associated_data
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


def secret_hashes(connection: psycopg.Connection[object]) -> list[bytes]:
    return [row["secret_hash"] for row in rows(connection, "select secret_hash from platform.source_secrets")]


def test_a_source_keeps_its_settings(carillon: Carillon, connection: psycopg.Connection[object]) -> None:
    bot = arrange.bot(connection)
    added = carillon(
        "sources", "add", "getcourse", "school", "--secret-stdin", "--map", "answer_text=text",
        "--map", "user_id=uid", "--admin-chat", "-1001234567890", "--timezone", "Asia/Yekaterinburg", "--bot", "school",
        "--link", "https://school.example/{answer_id}", "--collapse", "10", "--language", "en",
        stdin=f"{canaries.SOURCE_SECRET}\n",
    )  # fmt: skip

    assert added.code == 0
    (row,) = rows(connection, "select * from platform.webhook_sources")
    assert secret_hashes(connection) == [secrets.hash_secret(canaries.SOURCE_SECRET)]
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
        ["--secret-stdin"],
        ["--secret-stdin", "--secret", "s" * 24],
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


def test_a_secret_of_ones_own_comes_by_standard_input_and_is_not_shown(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    for command in (("add", "getcourse", "school"), ("rotate", "school", "--keep-old-for", "0")):
        done = carillon("sources", *command, "--secret-stdin", stdin=f"{OWN}\n")
        assert (done.code, OWN in done.out + done.err) == (0, False)
    assert secret_hashes(connection) == [secrets.hash_secret(OWN)] * 2


def test_with_both_by_standard_input_the_signing_secret_comes_second(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    command = ("sources", "add", "whatsapp", "desk", "--gateway", "whatsapp_cloud", "--signing-secret-stdin")

    assert carillon(*command, "--secret-stdin", stdin=f"{OWN}\n{canaries.SIGNING_SECRET}\n").code == 0
    assert secret_hashes(connection) == [secrets.hash_secret(OWN)]
    (row,) = rows(connection, "select signing_secret_sealed as sealed from platform.webhook_sources")
    place = signing_secret_associated_data("desk")
    assert secrets.unseal(arrange.SECRETS_KEY, row["sealed"], place) == canaries.SIGNING_SECRET


def test_a_secret_in_the_command_works_for_one_more_release_and_says_where_it_was_left(carillon: Carillon) -> None:
    added = carillon("sources", "add", "getcourse", "school", "--secret", OWN)

    assert (added.code, OWN in added.out, "--secret-stdin < FILE" in added.err) == (0, False, True)
    assert "--secret " not in carillon("sources", "add", "--help").out


@pytest.mark.parametrize(
    ("source", "can_send_headers"),
    [
        (("getcourse", "school"), True),
        (("whatsapp", "desk", "--gateway", "evolution"), True),
        (("whatsapp", "desk", "--gateway", "chatflow"), False),
        (("yclients", "aurora", "--tenant", "aurora"), False),
    ],
)
def test_who_can_send_headers_is_told_to_keep_the_secret_out_of_the_address(
    carillon: Carillon, source: tuple[str, ...], *, can_send_headers: bool
) -> None:
    carillon("salon", "example")

    assert ("X-Webhook-Secret" in carillon("sources", "add", *source).out) is can_send_headers


def test_an_unknown_source_cannot_be_rotated(carillon: Carillon) -> None:
    assert "carillon sources list" in carillon("sources", "rotate", "school").err


def test_listings_are_json_and_nothing_else(carillon: Carillon) -> None:
    carillon("sources", "add", "getcourse", "school")

    listed = json.loads(carillon("sources", "list", "--json").out)
    assert datetime.fromisoformat(listed[0]["created_at"]).tzinfo


def test_of_many_sources_the_first_are_shown_and_the_others_counted(
    carillon: Carillon, connection: psycopg.Connection[object]
) -> None:
    for name in ("one", "two", "three"):
        arrange.source(connection, name)

    assert "… and 2 more: --limit 3" in carillon("sources", "list", "--limit", "1").out
    assert "… and" not in carillon("sources", "list").out
    assert len(carillon("sources", "list", "--limit", "1", "--json").json) == 3
