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
    assert "X-Device-Id" in carillon(*ADD, "app", "--public").out


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


@pytest.mark.parametrize("command", [["rotate", "nobody"], ["settings", "nobody"]])
def test_for_an_unknown_client_the_known_ones_are_printed(carillon: Carillon, command: list[str]) -> None:
    assert "carillon learning add-client NAME" in carillon("learning", *command).err
    carillon(*ADD, "app")

    unknown = carillon("learning", *command)
    assert (unknown.code, "there are: app" in unknown.err) == (1, True)


def test_without_clients_and_tracks_the_next_step_is_printed(carillon: Carillon) -> None:
    assert "carillon learning add-client" in carillon("learning", "clients").out
    assert "carillon learning import" in carillon("learning", "tracks").out
