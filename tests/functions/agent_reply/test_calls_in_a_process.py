"""How many calls of the model a public client has under way in one process."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import uuid4

from functions.agent_reply.public_calls import CallsAtOnce
from shared.credentials.api_clients import ApiClient
from shared.errors import HttpProblem
from shared.learning import limits
from shared.learning.sessions import Session

Entered = AbstractContextManager[None, bool | None]


def client(*, public: bool = True) -> ApiClient:
    return ApiClient(1, "app", is_public=public, daily_tokens=None)


def session(*, is_of_new_device: bool = False) -> Session:
    """Of another device each time."""
    return Session(
        uuid4(), uuid4(), uuid4(), "track", "chat", sidebar_visible=True, created_at=datetime.now(UTC),
        is_of_new_device=is_of_new_device, threads={},
    )  # fmt: skip


def entered_by(calls: CallsAtOnce, count: int, *, is_of_new_device: bool) -> list[Entered]:
    """The calls of so many devices that were let in."""
    entered: list[Entered] = []
    for _ in range(count):
        call = calls.enter(client(), session(is_of_new_device=is_of_new_device))
        try:
            call.__enter__()
        except HttpProblem:
            continue
        entered.append(call)
    return entered


def test_five_hundred_devices_of_a_client_ask_no_more_than_a_few_at_once() -> None:
    calls = CallsAtOnce()
    entered = entered_by(calls, 500, is_of_new_device=False)
    assert len(entered) == limits.CALLS_AT_ONCE

    for call in entered:
        call.__exit__(None, None, None)
    with calls.enter(client(), session()):
        pass


def test_devices_that_came_today_leave_half_of_a_process_to_those_who_were_there_before() -> None:
    calls = CallsAtOnce()

    assert len(entered_by(calls, 500, is_of_new_device=True)) == limits.CALLS_AT_ONCE // limits.NEW_DEVICES_SHARE
    assert len(entered_by(calls, 1, is_of_new_device=False)) == 1


def test_a_server_asks_as_many_as_it_likes() -> None:
    calls, same = CallsAtOnce(), session()

    assert len([calls.enter(client(public=False), same).__enter__() for _ in range(500)]) == 500
