"""One trace leads from a webhook, in the process that took it, to its message, in the one that sent it."""

from pathlib import Path

import httpx
import pytest

from tests.functions.dispatch_notifications.conftest import TRAINING
from tests.functions.dispatch_notifications.delivery import NAME, Delivery, Dispatcher
from tests.helpers import canaries
from tests.helpers.collector import attributes, collecting
from tests.helpers.serving import serve
from tests.helpers.waiting import until

SPANS = {"ingest_webhook", "deliver", "dispatch_notifications"}


@pytest.mark.usefixtures("school")
async def test_a_webhook_and_its_message_are_one_trace_with_nothing_of_people_in_it(
    delivery: Delivery, printed: Path
) -> None:
    answer = {
        "answer_id": "1", "answer_training_id": TRAINING, "answer_text": canaries.ANSWER, "user_id": "512000001",
        "user_email": canaries.EMAIL, "event_date": "2030-01-01 10:00:00",
    }  # fmt: skip
    with collecting() as collector:
        asked = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "SENTRY_DSN": collector.sentry_dsn}
        settings = {**delivery.settings, **asked, "OTEL_BSP_SCHEDULE_DELAY": "100"}
        with serve("ingest_webhook", printed, **settings) as ingest, serve(NAME, printed, **settings) as dispatch:
            async with httpx.AsyncClient(timeout=120, trust_env=False) as client:
                taken = await client.post(f"{ingest.url}/getcourse/school?k={canaries.SOURCE_SECRET}", data=answer)
            assert taken.status_code == 200, taken.text
            await Dispatcher(dispatch.url, dispatch.output).tick(seconds=5)
            await until(lambda: {span.name for span in collector.spans()} >= SPANS, 60, "a span's arrival")
    trace = [span for span in collector.spans() if span.trace_id.hex() == taken.headers["x-correlation-id"]]

    webhook, delivered = sorted(trace, key=lambda span: span.start_time_unix_nano)
    assert (webhook.name, delivered.name) == ("ingest_webhook", "deliver")
    assert delivered.parent_span_id == webhook.span_id
    assert attributes(webhook)["http.response.status_code"] == 200
    assert attributes(delivered)["outcome"] == "sent"
    assert {span.name for span in collector.spans()} == SPANS
    assert [canary for canary in canaries.ALL if canary.encode() in collector.all_bytes] == []
