"""Where a web server listens."""

import socket

import pytest

from infra.local import web_server


def has_ipv6() -> bool:
    """Whether this machine has a loopback address of IPv6."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_a_socket_at_all_addresses_is_reached_by_both_families() -> None:
    with web_server.listen(0, "::") as listener:
        port = listener.getsockname()[1]
        for address in ("127.0.0.1", "::1"):
            socket.create_connection((address, port), 10).close()
        assert web_server.address(listener) == f"http://[::1]:{port}"


def test_whoever_is_on_this_machine_reaches_a_socket_at_every_address_of_ipv4_at_loopback() -> None:
    with web_server.listen(0, web_server.EVERYWHERE) as listener:
        assert web_server.address(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"
