"""Managers' files go to the client under links that show nobody the bot's token."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from shared.channels import media_links
from shared.channels.media_links import Reference
from tests.conftest import rows
from tests.functions.telegram_webhook.support.world import Case, Managers
from tests.helpers import arrange, canaries
from tests.helpers.threads import serve_in_thread
from tests.helpers.worlds import support

MEDIA_URL = "https://files.example.com/media"
SIZES = [{"file_id": "small", "file_size": 900}, {"file_id": "AgACAgIAAxk-large", "file_size": 90_000}]


@pytest.fixture(scope="module")
def managers(module_direct_url: str, module_database_url: str, printed: Path) -> Iterator[Managers]:
    """A desk whose files are given out."""
    settings = {"SECRETS_KEY": arrange.SECRETS_KEY, "MEDIA_URL": MEDIA_URL, "DATABASE_URL": module_database_url}
    with (
        psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection,
        serve_in_thread("telegram_webhook", printed, **settings) as served,
    ):
        yield Managers(connection, support.desk(connection), served.url)


def sent(managers: Managers, case: Case) -> tuple[str, dict[str, Any]]:
    [row] = rows(managers.connection, "select method, payload from platform.outbox where recipient = %s", case.jid)
    return row["method"], row["payload"]


def reference(url: str) -> Reference:
    """What a link leads to."""
    sealed = url.removeprefix(f"{MEDIA_URL}/").partition("/")[0]
    return media_links.read(arrange.SECRETS_KEY, sealed, datetime.now(UTC))


@pytest.mark.parametrize(
    ("content", "method", "place", "name", "file_id"),
    [
        ({"photo": SIZES}, "sendPhoto", "photo", "photo.jpg", "AgACAgIAAxk-large"),
        ({"document": {"file_id": "BQ1", "file_name": "Договор № 1.pdf"}}, "sendDocument", "document",
         "Договор № 1.pdf", "BQ1"),
        ({"voice": {"file_id": "AW1", "mime_type": "audio/ogg"}}, "sendVoice", "voice", "voice.ogg", "AW1"),
        ({"audio": {"file_id": "CQ1", "file_name": "a.mp3"}}, "sendAudio", "audio", "a.mp3", "CQ1"),
        ({"video_note": {"file_id": "DQ1"}}, "sendVideo", "video", "video.mp4", "DQ1"),
        ({"animation": {"file_id": "CG1"}, "document": {"file_id": "CG1"}}, "sendVideo", "video", "video.mp4", "CG1"),
    ],
    ids=["photo", "document", "voice", "audio", "video note", "animation"],
)  # fmt: skip
def test_a_file_goes_under_a_link_that_only_our_key_opens(
    managers: Managers, content: dict[str, Any], method: str, place: str, name: str, file_id: str
) -> None:
    case = managers.case()

    managers.say(case, caption="Вот, как договаривались", **content)

    said, payload = sent(managers, case)
    assert said == method
    assert reference(payload[place]) == Reference(managers.desk.telegram_bot, "telegram", file_id)
    assert (payload["caption"], payload["file_name"]) == ("Вот, как договаривались", name)
    assert canaries.BOT_TOKEN not in str(payload)
    assert managers.topic_notes(case) == []
    assert managers.handover_row(case)["status"] == "active"


def test_a_file_without_a_caption_is_an_answer_too(managers: Managers) -> None:
    case = managers.case()

    managers.say(case, photo=SIZES)

    assert sent(managers, case)[1]["caption"] == ""
    assert managers.handover_row(case)["first_response_at"] is not None


def test_a_file_that_no_bot_can_download_stays_and_the_manager_hears_so(managers: Managers) -> None:
    case = managers.case()

    managers.say(case, document={"file_id": "BQ2", "file_size": 21 * 1024 * 1024})

    assert managers.customer_texts(case) == []
    assert ["не ушёл" in note for note in managers.topic_notes(case)] == [True]


def test_a_sticker_gives_its_emoji_and_the_manager_hears_so(managers: Managers) -> None:
    case = managers.case()

    managers.say(case, sticker={"file_id": "CA1", "emoji": "👍"})

    assert managers.customer_texts(case) == ["👍"]
    assert ["только эмодзи" in note for note in managers.topic_notes(case)] == [True]
