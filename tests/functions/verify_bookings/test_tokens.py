"""A salon's token: sealed in a table of ours, or as long as nobody sealed it in the bot's metadata."""

import pytest

from infra.sandbox.server import SandboxServer
from shared.credentials import secrets
from tests.functions.verify_bookings.world import BookedSalon, Tick, open_salon
from tests.helpers import canaries


async def test_a_sealed_token_counts_and_nothing_in_clear_is_needed(salon: BookedSalon, tick: Tick) -> None:
    salon.seal_token()
    salon.both(501, attendance=1)

    report = await tick()

    assert (salon.booking(501)["status"], report["remaining"]) == ("completed", 0)


async def test_a_sealed_token_counts_more_than_what_is_left_in_metadata(salon: BookedSalon, tick: Tick) -> None:
    salon.seal_token()
    salon.connection.execute("""update public.tenants_v2 set metadata = metadata || '{"yclients_token": "№"}'""")
    salon.both(501, attendance=1)

    await tick()

    assert salon.booking(501)["status"] == "completed"


async def test_a_token_that_does_not_open_stops_its_salon_alone_and_loudly(
    salon: BookedSalon, tick: Tick, sandbox: SandboxServer, capsys: pytest.CaptureFixture[str]
) -> None:
    salon.seal_token(key=secrets.new_key())
    salon.both(501, attendance=1)
    other = open_salon(salon.connection, sandbox.yclients, 45650)
    other.both(502, attendance=1)

    report = await tick()

    assert (salon.booking(501)["status"], other.booking(502)["status"]) == ("created", "completed")
    assert report["remaining"] == 1
    printed = "".join(capsys.readouterr())
    assert '"token_not_opened"' in printed
    assert canaries.SOURCE_SECRET not in printed
