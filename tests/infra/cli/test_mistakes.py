"""What operators mistype: each mistake is refused, named, answered with a next step, and changes nothing."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.helpers import arrange, canaries
from tests.helpers.worlds.support import desk, insert
from tests.infra.cli.conftest import Carillon, runner

# What was typed; what the answer names; what it says to do next.
SOURCES = [
    ("sources add school getcourse", "'school' is not one of 'getcourse'", "--help"),
    ("sources add getcourse 'My School'", "a-z, 0-9", "--help"),
    ("bots add new --system getcours", "'getcours' is not one of 'courses'", "--help"),
    ("outbox redrive --state failed", "'failed' is not one of 'dead'", "--help"),
    ("courses example no-such-folder/crm.db", "no-such-folder/crm.db: No such file or directory", "give another place"),
    ("sources add getcourse Школа", "a-z, 0-9", "--help"),
    ("sources add getcourse", "Missing argument 'name'", "--help"),
    ("sources add getcourse school", "there is a getcourse source school already", "carillon sources settings school"),
    ("sources add getcourse new --bot nobody", "there is no bot nobody", "carillon bots list"),
    ("sources add getcourse new --bot romashka-wa", "romashka-wa is a WhatsApp account", "carillon bots list"),
    ("sources add getcourse new --admin-chat 1001900000001", "the minus is missing", "-1001900000001"),
    ("sources add getcourse new --admin-chat @school", "not by its @name", "begins with -100"),
    ("sources add getcourse new --admin-chat https://t.me/c/1900000001/7", "a link", "-1001900000001"),
    ("sources add getcourse new --admin-chat Школа", "is a number", "begins with -100"),
    ("sources add getcourse new --link school.example/x", "--link", "https://"),
    ("sources add getcourse new --timezone Moscow", "no such time zone", "Europe/Moscow"),
    ("sources add getcourse new --timezone MSK+3", "no such time zone", "Europe/Moscow"),
    ("sources add getcourse new --map answer_text", "--map reads FIELD=THEIRS", "--map answer_text=text"),
    ("sources add getcourse new --map otvet=answer_text", "--map knows the fields", "--map answer_text=otvet"),
    ("sources add getcourse new --secret-stdin < short", "24 characters", "let one be made"),
    ("sources add getcourse new --secret-stdin", "no secret", "--secret-stdin < FILE"),
    ("sources add getcourse new --collapse 3s", "parse string as an integer", "--help"),
    ("sources add getcourse new --collapse 9999", "less than or equal to 3600", "--help"),
    ("sources add getcourse new --language kz", "'ru', 'en'", "--help"),
    ("sources add getcourse new --gateway evolution", "--gateway is of WhatsApp", "carillon sources add whatsapp"),
    ("sources add getcourse new --tenant aurora", "--tenant is of YClients", "carillon sources add yclients"),
    ("sources add yclients new", "--tenant", "carillon salon tenants"),
    ("sources add yclients new --tenant nosuch", "there is no tenant nosuch", "carillon salon tenants"),
    ("sources add whatsapp new", "needs --gateway", "chatflow, evolution or whatsapp_cloud"),
    ("sources add whatsapp new --gateway meta", "'meta' is not one of", "'whatsapp_cloud'"),
    ("sources add whatsapp new --gateway whatsapp_cloud", "signs with your app's secret", "--signing-secret-stdin"),
    ("sources add whatsapp new --gateway evolution --signing-secret-stdin", "no signing secret", "8 characters"),
    ("sources add whatsapp new --gateway chatflow --map a=b", "--map: of GetCourse", "leave it out"),
    ("sources rotate nobody", "there is no source nobody", "carillon sources list"),
    ("sources rotate school --keep-old-for forever", "a length", "24h"),
    ("sources settings romashka --collapse 5", "--collapse: of GetCourse", "leave it out"),
    ("sources settings school --map nosuch=x", "--map knows the fields", "answer_text"),
    ("sources remove romashka --yes", "is the client Ромашка's", "carillon support remove"),
    ("source list", "No such command 'source'", "sources"),
]
BOTS = [
    ("bots add School --system getcourse --token-stdin", "a-z, 0-9", "--help"),
    ("bots add new --token-stdin", "--system", "--help"),
    ("bots add new --system telegram --token-stdin", "'telegram' is not one of", "'getcourse'"),
    ("bots add new --system getcourse --token-stdin < @school_bot", "no bot token", "@BotFather"),
    ("bots add new --system getcourse --token-stdin < ", "there is no token", "its first line"),
    ('bots add new --system getcourse --token-stdin < "TOKEN"', "in quotes", "without them"),
    ("bots add new --system getcourse --token-stdin < TOKEN TOKEN", "no bot token", "@BotFather"),
    ("bots add new --system getcourse --token-stdin < BOT_TOKEN=TOKEN", "no bot token", "@BotFather"),
    ("bots add new --system getcourse --address 1 --token-stdin < TOKEN", "--address is of WhatsApp", "leave it out"),
    ("bots add new --system support --channel evolution --token-stdin < TOKEN", "--address is", "instance's name"),
    ("bots add new --system support --channel whatsapp_cloud --address +77010000001 --token-stdin < TOKEN",
     "--address is", "is not the number"),
    ("bots add new --system getcourse --alerts @me --token-stdin < TOKEN", "not by its @name", "/start"),
    ("bots add desk --system getcourse --no-check --token-stdin < TOKEN", "desk", "carillon bots list"),
    ("bots check nobody", "there is no bot nobody", "carillon bots list"),
    ("bots set-webhook school --url functions.example.com", "--url", "https://"),
    ("bots set-webhook romashka-wa --url https://f.example.com", "is a WhatsApp account", "sources add whatsapp"),
    ("bots settings nobody", "there is no bot nobody", "carillon bots list"),
    ("bots settings school --rate 0", "'--rate'", "--help"),
    ("bots settings school --address 1", "--address is of WhatsApp", "leave it out"),
    ("bots remove school --yes", "source getcourse/school", "carillon sources settings"),
]  # fmt: skip
DESK = "support add-client New --source new --telegram-bot desk --whatsapp-bot new-wa --chat -1001900000002"
SUPPORT = [
    (DESK, "there is no whatsapp source new", "carillon sources add whatsapp new"),
    (DESK.replace("--source new", "--source romashka"), "is already Ромашка's", "carillon sources add"),
    (DESK.replace("-1001900000002", "1001900000002"), "the minus is missing", "-1001900000002"),
    (DESK.replace("-1001900000002", "@managers"), "not by its @name", "-100"),
    (DESK.replace("New", "Ромашка"), "there is a client Ромашка already", "carillon support settings Ромашка"),
    (
        DESK.replace("--source new", "--source spare").replace("-bot desk", "-bot school"),
        "belongs to getcourse",
        "bots add",
    ),
    ("support settings Рамашка", "there is no client Рамашка", "Ромашка"),
    ("support settings Ромашка --working-hours 9-18", "working hours", "mon-fri 09:00-18:00"),
    ("support settings Ромашка --holidays 01.01.2026", "is no date", "2026-01-01"),
    ("support settings Ромашка --threshold 60", "--threshold", "0 to 1"),
    ("support settings Ромашка --reminder-1 90", "do not rise", "give those"),
    ("support settings Ромашка --owner Иван", "no Telegram username", "@romashka_owner"),
    ("support prompt systemprompt", "'systemprompt' is not one of", "'system_prompt'"),
    ("support prompt system_prompt --client Ромашка --file nofile.txt", "'nofile.txt' does not exist", "--help"),
    ("support prompt classifier --file EXCEL", "this is no text", "UTF-8"),
    ("support remove Рамашка", "there is no client Рамашка", "Ромашка"),
]
OTHERS = [
    ("people import nofile.csv --table mentors", "'nofile.csv' does not exist", "--help"),
    ("people import EXCEL --table mentors", "Excel", "CSV"),
    ("people import JSON --table mentors", "row 1", "Correct the file"),
    ("people import JSON --table teachers", "'teachers' is not one of", "'mentors'"),
    ("people import JSON", "--table", "--help"),
    ("people import JSON --table mentors --at yesterday", "--at", "2026-01-15"),
    ("salon settings nosuch", "there is no tenant nosuch", "carillon salon tenants"),
    ("salon settings aurora --digest-hour 25", "less than or equal to 23", "--help"),
    ("salon settings aurora --chat @owner", "not by its @name", "/start"),
    ("salon settings aurora --bot school", "no Telegram bot school of the salons", "carillon bots add"),
    ("salon connect aurora", "no telegram_bot_token", "carillon bots add"),
    ("salon add-user owner --role admin --tenant aurora", "no e-mail address", "name@example.com"),
    ("outbox show 999", "there is no outbox row 999", "carillon outbox list"),
    ("outbox list --state failed", "'failed' is not one of", "'dead'"),
    ("outbox list --system salons", "there is no system salons", "salon"),
    ("outbox list --kind answer", "system/what", "getcourse/answer"),
    ("outbox redrive", "redrive which messages?", "--class"),
    ("outbox list --since yesterday", "write 24h", "2026-01-15"),
    ("outbox list --bot nobody", "there is no bot nobody", "carillon bots list"),
    ("trace 12", "write event:12", "outbox:7"),
    ("trace event:999", "nothing is known of event:999", "carillon outbox list"),
    ("replay", "--since", "--help"),
    ("replay --since 7d --source nobody", "there is no source nobody", "carillon sources list"),
    ("inbox show 999", "there is no delivery 999", "carillon inbox list"),
    ("inbox replay", "by their ids", "--source NAME"),
    ("inbox dismiss --source school", "--reason", "--help"),
    ("learning import nofile.yml", "'nofile.yml' does not exist", "--help"),
    ("learning import JSON", "is no YAML", "correct"),
    ("learning template --track nosuch", "there is no track nosuch", "carillon learning import"),
    ("learning add-client 'My App'", "a-z, 0-9", "--help"),
    ("learning rotate nobody", "there is no client nobody", "carillon learning add-client"),
]
EVERYTHING = """
    select (select jsonb_agg(to_jsonb(b) - 'updated_at' order by id) from platform.bots b),
           (select jsonb_agg(to_jsonb(s) - 'updated_at' order by id) from platform.webhook_sources s),
           (select jsonb_agg(to_jsonb(c) order by id) from support.clients c),
           (select jsonb_agg(to_jsonb(k) order by client_id) from support.client_settings k),
           (select count(*) from platform.source_secrets), (select count(*) from dashboard.tenant_settings),
           (select count(*) from learning.clients), (select count(*) from getcourse.mentor_versions)
"""


@pytest.fixture(scope="module")
def connection(module_direct_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A bundle with one of everything."""
    with psycopg.connect(module_direct_url, autocommit=True, row_factory=dict_row) as connection:
        arrange.source(connection, bot_id=arrange.bot(connection, token=canaries.BOT_TOKEN.replace("70", "71", 1)))
        romashka = desk(connection, "romashka", token=canaries.BOT_TOKEN.replace("70", "72", 1))
        connection.execute("update support.clients set name = 'Ромашка'")
        connection.execute("update platform.bots set name = 'desk' where id = %s", (romashka.telegram_bot,))
        arrange.source(connection, "spare", provider="whatsapp", gateway="chatflow")
        insert(connection, "public.tenants_v2", name="Аврора", slug="aurora")
        yield connection


@pytest.fixture(scope="module")
def operator(module_database_url: str, module_direct_url: str) -> Carillon:
    """Whoever types the commands."""
    return runner(module_database_url, module_direct_url)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files that are not what a command wants."""
    folder = tmp_path_factory.mktemp("files")
    contents = {"EXCEL": b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00", "JSON": b'{"mentors": []}\n{"a": 1}\n'}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: str(folder / name) for name in contents}


@pytest.mark.parametrize(("command", "names", "next_step"), [*SOURCES, *BOTS, *SUPPORT, *OTHERS])
def test_a_mistake_is_refused_named_and_answered_with_a_next_step(
    operator: Carillon,
    connection: psycopg.Connection[Any],
    files: dict[str, str],
    command: str,
    names: str,
    next_step: str,
) -> None:
    typed, _, stdin = command.partition(" < ")
    before = connection.execute(EVERYTHING).fetchall()

    arguments = [files.get(argument, argument) for argument in shlex.split(typed)]
    ran = operator(*arguments, stdin=stdin.replace("TOKEN", canaries.BOT_TOKEN))

    assert ran.code in (1, 2)
    said = re.sub(r"[\s│]+", " ", ran.err + ran.out)
    assert names in said
    assert next_step in said
    assert "Value error" not in said
    assert connection.execute(EVERYTHING).fetchall() == before
