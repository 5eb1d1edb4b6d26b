"""When the bot may speak."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.support import mute
from shared.support.mute import UNMUTED, Bot, HandoverStatus

NOW = datetime(2026, 6, 5, 7, 0, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(minutes=1), NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("bot", "handover", "may"),
    [
        (UNMUTED, None, True),
        (UNMUTED, "pending", True),  # it may still help
        (UNMUTED, "active", False),
        (UNMUTED, "resolved", True),
        (UNMUTED, "bot_handling", True),
        (UNMUTED, "timeout", True),
        (Bot("muted", LATER), None, False),
        (Bot("muted", LATER), "pending", False),
        (Bot("muted", NOW), None, True),
        (Bot("muted", EARLIER), None, True),
        (Bot("muted", EARLIER), "active", False),  # the mute ran out, the manager is still there
        (Bot("muted"), None, False),
        (Bot("active", LATER), None, True),
    ],
)
def test_the_bot_answers_unless_it_is_muted_or_a_person_does(
    bot: Bot, handover: HandoverStatus | None, may: object
) -> None:
    assert mute.may_answer(bot, handover, NOW) == may
    assert mute.has_expired(bot, handover, NOW) == (may and bot.bot_status == "muted")


def test_each_message_of_a_manager_slides_the_mute() -> None:
    first = mute.manager_wrote(UNMUTED, NOW, 60)
    second = mute.manager_wrote(first, NOW + timedelta(minutes=50), 60)

    assert first == Bot("muted", NOW + timedelta(minutes=60))
    assert second == Bot("muted", NOW + timedelta(minutes=110))


def test_a_mute_without_end_stays_without_end() -> None:
    assert mute.mute(Bot("muted"), NOW, 60) == Bot("muted")


def test_what_an_old_mute_left_behind_does_not_lengthen_a_new_one() -> None:
    assert mute.mute(Bot("active", NOW + timedelta(days=9)), NOW, 30) == Bot("muted", NOW + timedelta(minutes=30))


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 1500)), max_size=20))
def test_a_mute_never_shrinks(mutes: list[tuple[int, int]]) -> None:
    """Messages may come out of order, too."""
    bot = UNMUTED
    for passed, minutes in mutes:
        now = NOW + timedelta(minutes=passed)
        longer = mute.mute(bot, now, minutes)
        assert longer.bot_muted_until
        assert longer.bot_muted_until >= max(bot.bot_muted_until or now, now + timedelta(minutes=minutes))
        assert not mute.may_answer(longer, None, now)
        bot = longer
