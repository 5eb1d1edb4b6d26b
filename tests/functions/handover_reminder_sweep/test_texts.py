"""What managers and customers read, in both languages."""

import pytest

from functions.handover_reminder_sweep import texts
from shared.i18n.texts import Language
from tests.functions.handover_reminder_sweep.conftest import Tick
from tests.functions.handover_reminder_sweep.world import Waiting


@pytest.mark.parametrize(
    ("language", "first", "second", "to_owner"),
    [
        (
            "ru",
            "⏰ Заявка № 7 ждёт 30 мин. Возьмите: нажмите «Беру» на карточке или ответьте здесь.",
            "🔥 Заявка № 7 ждёт уже 60 мин. Клиент без ответа.",
            "🔥 Заявка № 7 ждёт уже 60 мин. @vera_owner, клиент без ответа.",
        ),
        (
            "en",
            "⏰ Request #7 has been waiting for 30 min. Take it: press “Take” on the card or reply here.",
            "🔥 Request #7 has been waiting for 60 min already. The customer has no reply yet.",
            "🔥 Request #7 has been waiting for 60 min already. @vera_owner, the customer has no reply yet.",
        ),
    ],
)
def test_reminders(language: Language, first: str, second: str, to_owner: str) -> None:
    assert texts.first(7, 30, language) == first
    assert texts.second(7, 60, None, language) == second
    assert texts.second(7, 60, "@vera_owner", language) == to_owner


async def test_an_english_desk_reminds_and_closes_in_english(waiting: Waiting, tick: Tick) -> None:
    waiting.settings(language="en")
    request = waiting.request(minutes=30)

    await tick()
    waiting.older(90)
    await tick()

    assert waiting.texts() == [texts.first(request.number, 30, "en")]
    assert waiting.texts("support/bot-reply") == [texts.nobody_available("call a manager", "en")]
    [edit] = waiting.texts("support/card-edit")
    assert edit.startswith(f"<b>Request #{request.number}</b> · ")
    assert "nobody took it within 120 min. The customer was told." in edit
