"""What those who look after a bot read, and in which language."""

import psycopg
import pytest
from psycopg.rows import DictRow

from shared.database.pool import Database
from shared.delivery import alert_texts, alerts
from shared.delivery.alerts import Cause
from shared.delivery.enqueue import enqueue
from shared.i18n.texts import Language
from tests.functions.dispatch_notifications.delivery import fast_bot
from tests.helpers import arrange

DUTY = -1_001_500_000_601
OTHER_TOKEN = "7000000002:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"

Plain = psycopg.Connection[DictRow]


@pytest.mark.parametrize("error_class", [*alert_texts.PROBLEMS, "poison"])
@pytest.mark.parametrize(
    ("language", "head", "next_step"),
    [("ru", "⚠️ Бот «school»: ", "\nЧто сделать: "), ("en", "⚠️ Bot “school”: ", "\nWhat to do: ")],
)
def test_an_alert_names_the_bot_and_the_next_step(
    error_class: str, language: Language, head: str, next_step: str
) -> None:
    text = alert_texts.alert("school", error_class, language)

    assert text.startswith(head)
    assert next_step in text
    assert "{" not in text


def test_a_problem_without_words_of_its_own_is_named() -> None:
    assert "message was not delivered (poison)" in alert_texts.alert("school", "poison", "en")
    assert "carillon bots check school" in alert_texts.alert("school", "bot_refused", "en")


async def test_who_could_not_be_reached_is_named_in_one_alert(database: Database, connection: Plain) -> None:
    bot = fast_bot(connection, alert_chat_id=DUTY)
    arrange.mentor(connection, getcourse_id="1", telegram_id=7_300_000_001, first_name="Анна", last_name="<Ким>")
    causes = {Cause(bot, "blocked", person_id=7_300_000_000 + number): "c" for number in range(9)}
    async with database.transaction() as transaction:
        [message] = await alerts.messages(transaction, causes)

    people = message.payload["text"].split("Кому: ")[1].split(". Кто")[0]
    assert people.startswith("id 7300000000, Анна &lt;Ким&gt; (id 7300000001), id 7300000002")
    assert len(people.split(", ")) == alerts.MAX_NAMES


@pytest.mark.parametrize(
    ("languages", "begins"),
    [([], "⚠️ Бот"), (["ru"], "⚠️ Бот"), (["en"], "⚠️ Bot"), (["en", "en"], "⚠️ Bot"), (["en", "ru"], "⚠️ Бот")],
)
async def test_an_alert_is_in_the_language_of_those_for_whom_the_bot_works(
    connection: Plain, database: Database, languages: list[str], begins: str
) -> None:
    bot = fast_bot(connection, alert_chat_id=DUTY)
    for number, language in enumerate(languages):
        arrange.source(connection, f"school-{number}", f"secret-{number}" * 4, bot_id=bot, language=language)

    assert (await alerted(database, bot, connection)).startswith(begins)


async def test_a_desks_bot_and_a_schools_first_bot_speak_their_language(connection: Plain, database: Database) -> None:
    first = fast_bot(connection, alert_chat_id=DUTY)
    arrange.source(connection, language="en")  # without a bot of its own
    desk_bot = fast_bot(connection, name="desk", token=OTHER_TOKEN, system="support", alert_chat_id=DUTY)
    connection.execute(
        "with desk as (insert into support.clients (name) values ('desk') returning id)"
        " insert into support.client_settings (client_id, telegram_bot_id, language) select id, %s, 'en' from desk",
        (desk_bot,),
    )

    assert (await alerted(database, first, connection)).startswith("⚠️ Bot “school”")
    assert (await alerted(database, desk_bot, connection)).startswith("⚠️ Bot “desk”")


async def alerted(database: Database, bot: int, connection: Plain) -> str:
    """The alert about a dead message of the bot."""
    async with database.transaction() as writing:
        await enqueue(writing, await alerts.messages(writing, {Cause(bot, "blocked"): "c" * 32}))
    [row] = connection.execute(
        "select payload ->> 'text' as text from platform.outbox where bot_id = %s", (bot,)
    ).fetchall()
    return str(row["text"])
