"""A message's whole way to its failure: taken by the gateway, failed by its webhook, told in the topic."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.sandbox.whatsapp.models import Fault, Webhook
from shared.credentials import secrets
from shared.credentials.webhook_sources import signing_secret_associated_data
from shared.delivery.kinds import MANAGER_REPLY
from shared.support.texts import NOT_DELIVERED_REASONS
from tests.functions.dispatch_notifications.delivery import Delivery
from tests.functions.dispatch_notifications.desk_group import Group, group
from tests.helpers import arrange, canaries
from tests.helpers.serving import Served
from tests.helpers.threads import serve_in_thread
from tests.helpers.waiting import until

__all__ = ["group"]

ACCOUNT = "100000000000001"


@pytest.fixture
def ingest(delivery: Delivery, printed: Path, database_url: str) -> Iterator[Served]:
    """The function that gateways call; it pokes the dispatcher."""
    settings = {
        "DATABASE_URL": database_url,
        "SECRETS_KEY": arrange.SECRETS_KEY,
        "CRON_SECRET": canaries.CRON_SECRET,
        "POKE": f"http:{delivery.dispatcher.url}",
    }
    with serve_in_thread("ingest_webhook", printed, **settings) as served:
        yield served


def connect(group: Group, gateway: str, ingest: Served) -> None:
    """Let the desk speak through `gateway`, and `gateway` call us."""
    sealed = secrets.seal(arrange.SECRETS_KEY, canaries.SIGNING_SECRET, signing_secret_associated_data("echo"))
    group.connection.execute(
        "update platform.bots set channel = %s, address = %s where id = %s",
        (gateway, ACCOUNT, group.desk.whatsapp_bot),
    )
    group.set("platform.webhook_sources", gateway=gateway, signing_secret_sealed=sealed)
    signed = {"app_secret" if gateway == "whatsapp_cloud" else "jwt_key": canaries.SIGNING_SECRET}
    group.telegram.whatsapp.register(
        Webhook.model_validate({"gateway": gateway, "account": ACCOUNT, "url": f"{ingest.url}/whatsapp/echo", **signed})
    )


@pytest.mark.parametrize("overtakes", [False, True], ids=["after our note", "before our note"])
@pytest.mark.parametrize(
    ("gateway", "error_class"), [("whatsapp_cloud", "window_closed"), ("evolution", "undeliverable")]
)
async def test_a_message_that_fails_after_the_gateways_yes_is_told_in_the_topic(
    group: Group, delivery: Delivery, ingest: Served, gateway: str, error_class: str, *, overtakes: bool
) -> None:
    connect(group, gateway, ingest)
    whatsapp = group.telegram.whatsapp
    whatsapp.echo_first = overtakes  # the webhook is answered before the call that it is about
    whatsapp.faults.append(Fault(does="fail_later", code=131047))
    await group.open()
    await group.reply(MANAGER_REPLY)

    await delivery.tick()
    await whatsapp.settled()
    await delivery.tick()  # it may join the run that the webhook has poked
    await until(lambda: "не дошло" in " ".join(group.texts()), what="the news in the topic")

    assert [row["status"] for row in whatsapp.deliveries] == [200, 200]
    [row] = delivery.rows("select state, error_class, attempt from platform.outbox where kind = %s", MANAGER_REPLY.name)
    assert row == {"state": "dead", "error_class": error_class, "attempt": 1}
    [told] = [text for text in group.texts() if "не дошло" in text]
    assert told.endswith(NOT_DELIVERED_REASONS[error_class].ru)
    assert delivery.rows("select from platform.delivery_failures") == []
    assert delivery.rows("select from support.messages where role = 'manager' and external_id is not null") == []
