"""What a sender fails with ends the run; what others fail with is noticed, too, and no text of it is printed."""

import gc
import logging

import psycopg
import pytest

from functions.dispatch_notifications.run import Run
from shared import config
from tests.functions.dispatch_notifications.delivery import OTHER_TOKEN, Delivery, message
from tests.helpers import canaries

REFUSE = f"""
create function platform.refuse() returns trigger language plpgsql as $$
begin
    raise exception 'refused' using detail = 'Key (phone)=({canaries.CLIENT_PHONES}0001) already exists.';
end $$;
create trigger refuse before update on platform.outbox for each row execute function platform.refuse();
"""


async def test_the_failures_of_all_senders_are_retrieved_before_one_is_raised(
    delivery: Delivery, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    other = delivery.add_bot(name="other", token=OTHER_TOKEN)
    await delivery.enqueue(delivery.message("one"))
    await delivery.enqueue(message(other, "two"))
    delivery.connection.execute(REFUSE.encode())
    run = Run(delivery.database, config.load(delivery.settings), seconds=5)

    with caplog.at_level(logging.ERROR, "asyncio"):
        with pytest.raises(psycopg.errors.RaiseException):
            await run.run()
        del run
        gc.collect()

    assert [record.name for record in caplog.records] == []
    printed = capsys.readouterr().out
    assert printed.count("sender_failed") == 2
    assert canaries.CLIENT_PHONES not in printed
