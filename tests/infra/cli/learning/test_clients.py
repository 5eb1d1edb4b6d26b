"""carillon learning add-client, clients, rotate and settings."""

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.agent_reply import llm_call
from infra.admin.learning import clients
from shared.credentials import secrets
from tests.conftest import rows
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[DictRow]

ADD = ("learning", "add-client")
TOO_LITTLE = ["app", "--daily-tokens", "1999"]
USED = """
    insert into learning.daily_usage (client_id, day, tokens, calls)
    select id, (now() at time zone 'UTC')::date - %s::int, %s, %s from learning.clients
"""


def hashes(connection: Connection) -> dict[bytes, DictRow]:
    """The tokens that are kept, and how long each is still valid."""
    kept = rows(connection, "select token_hash, valid_to, valid_to - now() as rest from learning.client_tokens")
    return {bytes(row["token_hash"]): row for row in kept}


def test_a_token_is_shown_once_and_only_its_hash_is_kept(carillon: Carillon, connection: Connection) -> None:
    added = carillon(*ADD, "app", "--public", "--daily-tokens", "2000", "--json").json

    assert list(hashes(connection)) == [secrets.hash_secret(added["token"])]
    listed = carillon("learning", "clients", "--json")
    assert added["token"] not in listed.out
    (client,) = listed.json
    assert (client["public"], client["active"], client["daily_tokens"]) == (True, True, 2000)


def test_people_are_told_the_header_that_carries_the_token(carillon: Carillon, connection: Connection) -> None:
    output = carillon(*ADD, "backend").out

    token = output.partition("Authorization: Bearer ")[2].split()[0]
    assert list(hashes(connection)) == [secrets.hash_secret(token)]
    assert ("carillon learning rotate backend" in output, "X-Device-Id" in output) == (True, False)
    assert "X-Device-Id" in carillon(*ADD, "app", "--public", "--daily-tokens", "2000").out


@pytest.mark.parametrize(
    "wrong", [["Приложение"], ["a b"], ["-app"], [""], ["app", "--daily-tokens", "-1"], TOO_LITTLE]
)
def test_what_cannot_be_right_is_a_usage_error(carillon: Carillon, connection: Connection, wrong: list[str]) -> None:
    assert carillon(*ADD, *wrong).code == 2
    assert rows(connection, "select from learning.clients") == []


def test_for_a_name_that_is_taken_the_way_to_a_new_token_is_printed(carillon: Carillon, connection: Connection) -> None:
    carillon(*ADD, "app")

    again = carillon(*ADD, "app")
    assert (again.code, "carillon learning rotate app" in again.err) == (1, True)
    assert len(hashes(connection)) == 1


def test_two_tokens_are_valid_during_a_rotation_and_a_third_replaces_the_oldest(
    carillon: Carillon, connection: Connection
) -> None:
    first, second, third = (
        carillon("learning", *command, "--json").json["token"]
        for command in (["add-client", "app"], ["rotate", "app"], ["rotate", "app", "--keep-old-for", "7d"])
    )

    kept = hashes(connection)
    assert set(kept) == {secrets.hash_secret(second), secrets.hash_secret(third)}
    assert secrets.hash_secret(first) not in kept
    assert kept[secrets.hash_secret(third)]["valid_to"] is None
    assert kept[secrets.hash_secret(second)]["rest"].days == 6


def test_a_token_kept_for_no_time_opens_nothing_any_more(carillon: Carillon) -> None:
    carillon(*ADD, "app")
    carillon("learning", "rotate", "app", "--keep-old-for", "0")

    assert [client["valid_tokens"] for client in carillon("learning", "clients", "--json").json] == [1]


def test_what_was_used_today_is_counted_and_yesterday_is_not(carillon: Carillon, connection: Connection) -> None:
    carillon(*ADD, "app")
    connection.execute(USED, (0, 120, 3))
    connection.execute(USED, (1, 5000, 70))

    (client,) = carillon("learning", "clients", "--json").json
    assert (client["tokens_today"], client["calls_today"]) == (120, 3)


def test_settings_change_what_is_given_and_nothing_else(carillon: Carillon) -> None:
    carillon(*ADD, "app", "--public", "--daily-tokens", "2000")

    def settings(*options: str) -> tuple[object, ...]:
        shown = carillon("learning", "settings", "app", *options, "--json").json
        return shown["public"], shown["active"], shown["daily_tokens"]

    assert settings() == (True, True, 2000)
    assert settings("--no-active") == (True, False, 2000)
    assert settings("--daily-tokens", "0") == (True, False, 0)
    assert settings("--daily-tokens", "none", "--no-public", "--active") == (False, True, None)
    assert "none" in carillon("learning", "settings", "app").out


@pytest.mark.parametrize("budget", ["many", "-1", "1.5", "²", "9" * 30, "1", "1999"])
def test_a_budget_is_a_number_or_none(carillon: Carillon, budget: str) -> None:
    carillon(*ADD, "app", "--daily-tokens", "0")

    assert carillon("learning", "settings", "app", "--daily-tokens", budget).code == 2
    assert carillon("learning", "settings", "app", "--json").json["daily_tokens"] == 0


def test_for_a_budget_into_which_no_call_fits_the_smallest_one_is_printed(carillon: Carillon) -> None:
    assert clients.MIN_BUDGET > llm_call.MAX_TOKENS
    added = carillon(*ADD, *TOO_LITTLE)
    carillon(*ADD, "app")
    changed = carillon("learning", "settings", *TOO_LITTLE)

    assert (added.code, changed.code) == (2, 2)
    for output in (added.err, changed.err):
        assert "2000 at least" in " ".join(output.replace("│", " ").split())


def test_a_public_client_without_a_budget_is_refused_with_the_next_step(
    carillon: Carillon, connection: Connection
) -> None:
    refused = carillon(*ADD, "app", "--public")

    assert (refused.code, "--daily-tokens N" in refused.err, rows(connection, "select from learning.clients")) == (
        2,
        True,
        [],
    )
    assert carillon(*ADD, "app", "--public", "--daily-tokens", "0").code == 0


def test_no_client_becomes_public_without_a_budget_and_none_that_is_loses_its_own(
    carillon: Carillon, connection: Connection
) -> None:
    carillon(*ADD, "app")
    carillon(*ADD, "site", "--public", "--daily-tokens", "2000")
    refused = [
        carillon("learning", "settings", *change)
        for change in (["app", "--public"], ["site", "--daily-tokens", "none"])
    ]
    found = rows(connection, "select is_public, daily_tokens from learning.clients order by id")

    assert [(answer.code, "--daily-tokens N" in answer.err) for answer in refused] == [(1, True)] * 2
    assert [(row["is_public"], row["daily_tokens"]) for row in found] == [(False, None), (True, 2000)]
    assert carillon("learning", "settings", "app", "--public", "--daily-tokens", "5000").code == 0


def test_a_public_client_from_before_that_has_no_budget_can_be_changed_otherwise(
    carillon: Carillon, connection: Connection
) -> None:
    carillon(*ADD, "app")
    connection.execute("update learning.clients set is_public = true")

    assert carillon("learning", "settings", "app", "--no-active").code == 0


def test_devices_of_a_client_that_becomes_public_go_on_for_a_while_where_they_can_be_guessed(
    carillon: Carillon, connection: Connection
) -> None:
    carillon(*ADD, "app")
    for device in ("ivan-ipad", "0" * 32, "6f0c1b52-9d1e-4f7a-8c39-5e2d7a40b1c6"):
        connection.execute(
            "insert into learning.users (client_id, device_id) select id, %s from learning.clients", (device,)
        )
    carillon("learning", "settings", "app", "--public", "--daily-tokens", "5000")

    weak = "select device_id, (weak_until - now())::text as rest from learning.users where weak_until is not null"
    assert {row["device_id"] for row in rows(connection, weak)} == {"ivan-ipad", "0" * 32}


@pytest.mark.parametrize("command", [["rotate", "nobody"], ["settings", "nobody"]])
def test_for_an_unknown_client_the_known_ones_are_printed(carillon: Carillon, command: list[str]) -> None:
    assert "carillon learning add-client NAME" in carillon("learning", *command).err
    carillon(*ADD, "app")

    unknown = carillon("learning", *command)
    assert (unknown.code, "there are: app" in unknown.err) == (1, True)


def test_without_clients_and_tracks_the_next_step_is_printed(carillon: Carillon) -> None:
    assert "carillon learning add-client" in carillon("learning", "clients").out
    assert "carillon learning import" in carillon("learning", "tracks").out
