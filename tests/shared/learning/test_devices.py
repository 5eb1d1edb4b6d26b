"""Which ids of devices nobody guesses, and what one device may use."""

import secrets
from uuid import uuid1, uuid4

import pytest

from shared.learning import devices, limits


@pytest.mark.parametrize(
    "device", ["ivan-ipad", "1", "", "a" * 40, "0" * 22, "00000000-0000-0000-0000-000000000000", "x" * 21,
               "1234567890123456789 a", "{6f0c1b52-9d1e-4f7a-8c39-5e2d7a40b1c6}", "планшет" * 5],
)  # fmt: skip
def test_what_can_be_guessed_is_no_id_of_a_public_clients_device(device: str) -> None:
    assert not devices.is_unguessable(device)


def test_what_is_made_at_random_is_one() -> None:
    made = [
        str(uuid1()),
        str(uuid4()),
        uuid4().hex,
        str(uuid4()).upper(),
        secrets.token_urlsafe(16),
        "A" * 15 + "bcdefgh",
    ]

    assert all(devices.is_unguessable(device) for device in made)


def test_the_problem_repeats_nothing() -> None:
    problem = devices.guessable()

    assert (problem.status, problem.reason) == (422, "weak_device")


@pytest.mark.parametrize(("budget", "device"), [(None, 200_000), (0, 20_000), (200_000, 20_000), (5_000_000, 100_000)])
def test_a_device_has_its_part_of_the_budget_and_enough_for_one_long_reply(budget: int | None, device: int) -> None:
    assert limits.device_tokens(budget) == device


@pytest.mark.parametrize(
    ("budget", "new"), [(None, None), (0, 0), (2_000, 2_000), (30_000, 20_000), (5_000_000, 2_500_000)]
)
def test_devices_that_came_today_have_half_of_it_and_enough_for_one_long_reply(
    budget: int | None, new: int | None
) -> None:
    assert limits.new_devices_tokens(budget) == new


@pytest.mark.parametrize(("size", "units"), [(0, 1), (3_999, 1), (4_000, 2), (64_000, 17)])
def test_what_is_long_counts_more_than_once(size: int, units: int) -> None:
    assert limits.units(size) == units
