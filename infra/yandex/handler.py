"""Yandex Cloud Functions' entry for every function: its events become AWS's, whose handler answers.

Requests come through an API gateway (payload 1.0): called directly, a function is told no path. Authorization and
Cookie arrive neither way: API clients send X-Api-Token, providers the secret of their source in X-Webhook-Secret.
"""

from typing import Any

from infra.aws import handler as on_aws

TIMER = "yandex.cloud.events.serverless.triggers.TimerMessage"
QUEUE = "yandex.cloud.events.messagequeue.QueueMessage"


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one invocation: a request of the gateway, a timer, or messages of a queue.

    Raises CallAgain when a scheduled or poked run answers 5xx, ValueError for a trigger of another kind.
    """
    if "messages" not in event:
        return on_aws.handle({**event, "version": "1.0", "path": event.get("path") or "/"}, context)
    kinds = {message["event_metadata"]["event_type"] for message in event["messages"]}
    if kinds == {TIMER}:
        return on_aws.handle({"task": "timer"}, context)
    if kinds != {QUEUE}:
        raise ValueError(f"nothing is done for {', '.join(sorted(kinds))}")
    waiting = [message["details"]["message"] for message in event["messages"]]
    records = [{"messageId": message["message_id"], "body": message["body"]} for message in waiting]
    if on_aws.handle({"Records": records}, context)["batchItemFailures"]:
        raise on_aws.CallAgain("a run for a poke failed")  # this queue takes all messages of a call back, or none
    return {}
