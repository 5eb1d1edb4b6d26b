"""A student's answer in each form in which GetCourse, or a flow between, sends it: once, or many times at once."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from pydantic import BaseModel, ConfigDict, Field

from infra.demo.getcourse.example import ANNA, N8N, PROCESS, PRODUCING
from infra.demo.getcourse.payloads import answer, as_the_process_names_it
from infra.demo.stack import Stack

MAX_TIMES = 50
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class Delivery:
    """What is sent to the source `source`."""

    source: str
    content: bytes = b""
    type: str = JSON
    query: str = ""
    method: str = "POST"


class Answer(BaseModel):
    """What the page asks for."""

    model_config = ConfigDict(extra="forbid")

    form: str
    text: str = Field(max_length=2000)
    times: int = Field(1, ge=1, le=MAX_TIMES)


async def deliver(stack: Stack, given: Answer) -> dict[str, Any]:
    """Send a new answer `times` times at once; the counts of statuses and of what became of the copies."""
    made = FORMS[given.form](str(time.time_ns() // 1_000_000), given.text)
    url = f"{stack.functions_url}/ingest_webhook/getcourse/{made.source}{made.query and f'?{made.query}'}"
    headers = {"content-type": made.type, "x-webhook-secret": stack.keys.source_secret}
    log = stack.sandbox.webhook_log
    copies = (
        log.post(f"getcourse:{made.source}", url, made.content, lambda _: headers, method=made.method)
        for _ in range(given.times)
    )
    answers = await asyncio.gather(*copies, return_exceptions=True)
    return _counted([answered for answered in answers if isinstance(answered, httpx.Response)], given.times)


def _counted(answers: list[httpx.Response], times: int) -> dict[str, Any]:
    outcomes: Counter[str] = Counter(stored=0, duplicates=0, unparsed=0)
    for answered in answers:
        if answered.is_success:
            outcomes.update(answered.json())
    return {"times": times, "answered": sum(answered.is_success for answered in answers), **outcomes}


def _process(answer_id: str, text: str) -> dict[str, Any]:
    return as_the_process_names_it(answer(ANNA, answer_id, text))


def _form(answer_id: str, text: str) -> Delivery:
    return Delivery(PROCESS, urlencode(_process(answer_id, text)).encode(), FORM)


def _query(answer_id: str, text: str) -> Delivery:
    return Delivery(PROCESS, query=urlencode(_process(answer_id, text)), method="GET")


def _windows_1251(answer_id: str, text: str) -> Delivery:
    fields = _process(answer_id, text.encode("cp1251", "replace").decode("cp1251"))
    return Delivery(PROCESS, urlencode(fields, encoding="cp1251").encode(), f"{FORM}; charset=windows-1251")


def _subscription(answer_id: str, text: str) -> Delivery:
    return Delivery(PROCESS, _dumped(_event(answer_id, text)))


def _event(answer_id: str, text: str) -> dict[str, Any]:
    """What a subscription (set-uri) brings: the id in quotes inside its string, no e-mail, `ts` without a true zone."""
    answered = {
        "id": f"'{answer_id}'", "text": text, "type": "mission_answer", "status": "new",
        "user_id": int(ANNA.getcourse_id), "lesson_id": 940101, "training_id": int(PRODUCING), "questionary": [],
    }  # fmt: skip
    now = time.time()
    return {
        "ts": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.localtime(now)), "ts64": int(now), "answer": answered,
        "eventType": "getcourse/lessonAnswerCreated", "gcAccountId": 77001,
    }  # fmt: skip


def _flow(answer_id: str, text: str) -> Delivery:
    return Delivery(N8N, _dumped(answer(ANNA, answer_id, text)))


def _forwarded(answer_id: str, text: str) -> Delivery:
    """The whole call, as a flow of n8n that only passes it on sends it."""
    call = {
        "headers": {"host": "n8n.example.com", "content-type": JSON}, "params": {}, "query": {},
        "body": _event(answer_id, text), "webhookUrl": "https://n8n.example.com/webhook/answers",
        "executionMode": "production",
    }  # fmt: skip
    return Delivery(N8N, _dumped([call]))


def _placeholder(_answer_id: str, text: str) -> Delivery:
    fields = {"id_otveta": "{object.id}", "id_uchenika": "{object.user.id}", "otvet": text}
    return Delivery(PROCESS, urlencode(fields, quote_via=quote).encode(), FORM)


def _cut(answer_id: str, text: str) -> Delivery:
    whole = _dumped(_event(answer_id, text))
    return Delivery(PROCESS, whole[: len(whole) // 2])


def _dumped(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


FORMS: dict[str, Callable[[str, str], Delivery]] = {
    "form": _form,
    "query": _query,
    "windows1251": _windows_1251,
    "subscription": _subscription,
    "flow": _flow,
    "forwarded": _forwarded,
    "placeholder": _placeholder,
    "cut": _cut,
}
