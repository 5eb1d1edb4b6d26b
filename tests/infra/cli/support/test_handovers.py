"""carillon support handovers."""

from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import DictRow

from tests.helpers import canaries
from tests.helpers.worlds.support import Desk, conversation, desk, insert
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[DictRow]

HANDOVERS = ("support", "handovers")


def request(connection: Connection, of: Desk, jid: str, name: str = "Айгерим", **columns: Any) -> UUID:
    """A handover whose words are a canary."""
    conversation_id = conversation(connection, of, jid, name)
    insert(connection, "support.messages", conversation_id=conversation_id, client_id=of.id, role="user",
           content=canaries.ANSWER)  # fmt: skip
    return insert(connection, "support.handovers", conversation_id=conversation_id, client_id=of.id,
                  trigger_type="keyword", trigger_text=canaries.ANSWER, **columns)  # fmt: skip


def test_requests_are_listed_without_words_and_phones(carillon: Carillon, connection: Connection) -> None:
    of = desk(connection)
    request(connection, of, "77010000001@s.whatsapp.net", created_at="2026-01-15 10:00+00")
    request(connection, of, "77010000002@s.whatsapp.net", "+7 701 000-00-02", status="active", assigned_to_name="Лев")

    listed = carillon(*HANDOVERS, "--json")

    newest, oldest = listed.json
    assert (oldest["person"], oldest["phone"], oldest["status"], oldest["who"]) == ("Айгерим", "…0001", "pending", None)
    assert (newest["person"], newest["status"], newest["who"]) == ("…0002", "active", "Лев")
    assert (oldest["number"], oldest["client"], oldest["trigger"]) == (newest["number"] - 1, "echo", "keyword")
    for printed in (listed.out, carillon(*HANDOVERS).out):
        assert "7701" not in printed
        assert "701 000" not in printed
    assert "Лев" in carillon(*HANDOVERS).out


def test_only_open_ones_are_listed_when_asked(carillon: Carillon, connection: Connection) -> None:
    of = desk(connection)
    for number, (status, ended) in enumerate(
        [("pending", None), ("resolved", "now"), ("timeout", "now"), ("bot_handling", "now")]
    ):
        request(connection, of, f"7701000000{number}@s.whatsapp.net", status=status, resolved_at=ended)

    assert [row["status"] for row in carillon(*HANDOVERS, "--open", "--json").json] == ["pending"]
    assert len(carillon(*HANDOVERS, "--json").json) == 4
    assert len(carillon(*HANDOVERS, "--limit", "2", "--json").json) == 2
    assert "… and more, which are older: --limit 4" in carillon(*HANDOVERS, "--limit", "2").out


def test_two_clients_never_see_each_others_requests(carillon: Carillon, connection: Connection) -> None:
    first = desk(connection)
    second = desk(connection, "second", -1001900000778, "7000000002:" + "x" * 35)
    request(connection, first, "77010000001@s.whatsapp.net", "Первый")
    request(connection, second, "77010000001@s.whatsapp.net", "Вторая")

    listed = {
        client: [(row["client"], row["person"]) for row in carillon(*HANDOVERS, "--client", client, "--json").json]
        for client in ("echo", str(second.id))
    }

    assert listed == {"echo": [("echo", "Первый")], str(second.id): [("second", "Вторая")]}
    assert len(carillon(*HANDOVERS, "--json").json) == 2
    assert carillon(*HANDOVERS, "--client", "nobody").code == 1


def test_when_nobody_asked_for_a_person_it_says_so(carillon: Carillon) -> None:
    assert carillon(*HANDOVERS).out.strip() == "no such handovers"
