"""Which moves a handover knows, and what they mean for the bot."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.support import mute
from shared.support.mute import UNMUTED, Bot, HandoverStatus
from shared.support.state_machine import BOT_STATUS_AFTER, OPEN, Transition, Transitioned, transition

NOW = datetime(2026, 6, 5, 7, 0, tzinfo=UTC)
STATUSES: tuple[HandoverStatus, ...] = get_args(HandoverStatus)
MOVES: tuple[Transition, ...] = get_args(Transition)
REFUSED_YESTERDAY = Bot("muted", NOW + timedelta(hours=5))
LEGAL: dict[tuple[HandoverStatus, Transition], tuple[HandoverStatus, Bot]] = {
    ("pending", "take"): ("active", Bot("muted", NOW + timedelta(minutes=60))),
    ("pending", "manager_wrote"): ("active", Bot("muted", NOW + timedelta(minutes=60))),
    ("active", "manager_wrote"): ("active", Bot("muted", NOW + timedelta(minutes=60))),
    ("active", "resolve"): ("resolved", UNMUTED),
    ("pending", "return_to_bot"): ("bot_handling", UNMUTED),
    ("active", "return_to_bot"): ("bot_handling", UNMUTED),
    ("pending", "close"): ("timeout", UNMUTED),
    ("pending", "cancel"): ("bot_handling", Bot("muted", NOW + timedelta(minutes=5))),
}


@pytest.mark.parametrize(("status", "move"), list(product(STATUSES, MOVES)))
def test_every_status_takes_its_moves_and_no_other(status: HandoverStatus, move: Transition) -> None:
    moved = transition(status, move, Bot("muted", NOW + timedelta(minutes=5)), NOW)

    assert (moved and (moved.status, moved.bot)) == LEGAL.get((status, move))


def test_every_move_says_what_it_means_for_the_bot() -> None:
    assert set(BOT_STATUS_AFTER) == set(MOVES)


def test_taking_does_not_shorten_a_longer_mute_and_resolving_lifts_it() -> None:
    taken = transition("pending", "take", REFUSED_YESTERDAY, NOW, manager_mute_minutes=60)

    assert taken == Transitioned("active", REFUSED_YESTERDAY)
    assert transition("active", "resolve", REFUSED_YESTERDAY, NOW) == Transitioned("resolved", UNMUTED)


@given(st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 200)), max_size=30))
def test_no_sequence_of_moves_leads_astray(moves: list[tuple[Transition, int]]) -> None:
    status, bot, now = STATUSES[0], UNMUTED, NOW
    for move, passed in moves:
        now += timedelta(minutes=passed)
        moved = transition(status, move, bot, now)
        if moved is None:
            continue
        assert status in OPEN  # what is over stays over
        assert (status, moved.status) != ("active", "timeout")  # the sweep closes nothing that a person has
        if BOT_STATUS_AFTER[move] == "unmuted":
            assert moved.bot == UNMUTED
        else:
            assert _end(moved.bot, now) >= _end(bot, now)  # a mute never shrinks
        assert mute.may_answer(moved.bot, moved.status, now) == (moved.status != "active")
        status, bot = moved.status, moved.bot


def _end(bot: Bot, now: datetime) -> datetime:
    """Nothing but moves mutes here, so each mute has an end."""
    return bot.bot_muted_until or now


@given(st.lists(st.sampled_from(MOVES), max_size=30))
def test_of_many_presses_of_one_button_one_wins(moves: list[Transition]) -> None:
    status: HandoverStatus = "pending"
    won: list[Transition] = []
    for move in moves:
        moved = transition(status, move, UNMUTED, NOW)
        if moved and move != "manager_wrote":
            won.append(move)
        status = moved.status if moved else status

    assert len(won) == len(set(won))
    assert len([move for move in won if move != "take"]) <= 1
