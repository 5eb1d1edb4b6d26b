"""What gateways say of messages that they had taken: only that one did not arrive is news."""

from typing import Any

import pytest

from functions.ingest_webhook.whatsapp.events import DeliveryFailure
from functions.ingest_webhook.whatsapp.gateways import cloud, evolution
from functions.ingest_webhook.whatsapp.message import Ignored

ACCOUNT = "106540352242922"
WAMID = "wamid.HBgLNzcwMTAwMDAwMDEVAgARGBI0"
KEY = "3EB0C767D097B7C93D1A"
RECEIPT = Ignored("a delivery receipt")


def status(**changes: Any) -> Any:
    """What Meta says of one message."""
    failed = {
        "id": WAMID,
        "status": "failed",
        "timestamp": "1772451418",
        "recipient_id": "77010000000",
        "errors": [{"code": 131047, "title": "Re-engagement message", "error_data": {"details": "More than 24 hours"}}],
        **changes,
    }
    return {name: value for name, value in failed.items() if value is not None}


def of_cloud(*statuses: Any) -> list[Any]:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": ACCOUNT}, "statuses": list(statuses)}
    return cloud.parse({"entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]})


def of_evolution(data: Any, event: str = "messages.update") -> list[Any]:
    return evolution.parse({"event": event, "instance": "salon", "data": data})


@pytest.mark.parametrize(
    ("code", "error_class"),
    [
        (131047, "window_closed"),
        (470, "window_closed"),
        (" 131026 ", "undeliverable"),
        (131026, "undeliverable"),
        (131030, "not_allowed"),
        (131049, "undeliverable"),
        (131051, "not_supported"),
        (131053, "file_not_loaded"),
        (131056, "rate_limited"),
        (130429, "rate_limited"),
        (131000, "server_error"),
        (131042, "account_refused"),
        (131031, "account_refused"),
        (368, "account_refused"),
        (10, "account_refused"),
        (999999, "undeliverable"),
        (None, "undeliverable"),
        ({}, "undeliverable"),
    ],
)
def test_a_failed_status_has_the_class_of_its_code(code: Any, error_class: str) -> None:
    assert of_cloud(status(errors=[{"code": code}])) == [DeliveryFailure(ACCOUNT, WAMID, error_class)]


@pytest.mark.parametrize("errors", [None, [], {}, "131047", [None], [{"title": "Unknown"}]])
def test_a_failed_status_that_does_not_say_why_is_news_all_the_same(errors: Any) -> None:
    assert of_cloud(status(errors=errors)) == [DeliveryFailure(ACCOUNT, WAMID, "undeliverable")]


@pytest.mark.parametrize(
    "changes",
    [{"status": "sent"}, {"status": "delivered"}, {"status": "read"}, {"status": None}, {"status": 1}, {"id": None}],
)
def test_any_other_status_is_ignored(changes: dict[str, Any]) -> None:
    assert of_cloud(status(**changes)) == [RECEIPT]


def test_each_of_several_statuses_is_read() -> None:
    assert of_cloud(status(status="delivered", id="wamid.1"), "nothing", status(id="wamid.2")) == [
        RECEIPT,
        RECEIPT,
        DeliveryFailure(ACCOUNT, "wamid.2", "window_closed"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        {
            "keyId": KEY,
            "remoteJid": "77010000000@s.whatsapp.net",
            "fromMe": True,
            "status": "ERROR",
            "messageId": "cm1",
        },
        {"messageId": KEY, "status": "ERROR"},
        {"key": {"remoteJid": "77010000000@s.whatsapp.net", "fromMe": True, "id": KEY}, "status": "ERROR"},
        {"key": {"fromMe": True, "id": KEY}, "status": 0},
        {"key": {"fromMe": True, "id": KEY}, "update": {"status": 0}},
        {"key": {"fromMe": True, "id": KEY}, "update": {"status": "ERROR", "messageStubParameters": ["475"]}},
        {"keyId": KEY, "fromMe": False, "status": "FAILED"},
        [{"keyId": KEY, "status": "ERROR"}],
    ],
)
def test_evolution_reports_an_error_in_several_spellings(data: Any) -> None:
    assert of_evolution(data) == [DeliveryFailure("salon", KEY, "undeliverable")]
    assert of_evolution(data, "MESSAGES_UPDATE") == of_evolution(data)


@pytest.mark.parametrize("state", ["PENDING", "SERVER_ACK", "DELIVERY_ACK", "READ", "PLAYED", 1, 2, 3, 4, 5])
def test_any_other_state_of_evolution_is_ignored(state: Any) -> None:
    assert of_evolution({"keyId": KEY, "fromMe": True, "status": state}) == [RECEIPT]
    assert of_evolution({"key": {"id": KEY, "fromMe": True}, "update": {"status": state}}) == [RECEIPT]


def test_a_message_that_evolution_reports_as_sent_with_an_error_did_not_arrive() -> None:
    data = {"key": {"id": KEY, "fromMe": True}, "status": "ERROR", "message": {"conversation": "Слова"}}

    assert of_evolution(data, "send.message") == [DeliveryFailure("salon", KEY, "undeliverable")]
    assert of_evolution({**data, "status": "PENDING"}, "send.message") == [RECEIPT]
