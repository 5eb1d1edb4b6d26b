"""Where a public network lies between."""

import pytest

from shared.hosts import is_private


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.8.9.10", "::1", "localhost", "LOCALHOST", "api.localhost", "10.0.0.7", "172.16.0.1",
        "172.31.255.255", "192.168.1.1", "fd12:3456::1", "::ffff:10.0.0.7", "db", "evolution_api", "postgres-1",
        "db.internal", "ip-10-0-0-7.eu-central-1.compute.internal", "carillon.local", "db.internal.",
    ],
)  # fmt: skip
def test_this_machine_and_private_networks_are_private(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize(
    "host",
    [
        "", "example.com", "db.example.com", "8.8.8.8", "172.32.0.1", "192.169.0.1", "11.0.0.1", "2001:db8::1",
        "::ffff:8.8.8.8", "local.example.com", "x.internal.example", "10.0.0.7.example.com", "134744072",
        "0x08080808", "a..internal", "0.0.0.1",
    ],
)  # fmt: skip
def test_everything_else_is_public(host: str) -> None:
    assert not is_private(host)
