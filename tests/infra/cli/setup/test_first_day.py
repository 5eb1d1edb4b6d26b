"""Each system's first day: from an empty database until doctor finds no problem, in ten minutes of commands."""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from infra.admin.operating import env_file
from infra.local import server
from infra.local.schedules import read_schedules
from shared import config
from tests.conventions.test_readme import Terminal, terminal
from tests.helpers import canaries
from tests.infra.cli.setup.test_init import URL, empty, telegram

__all__ = ["empty", "telegram"]
SECONDS = 600
GROUP = "-1001500000901"
DAYS: Mapping[str, list[str]] = {
    "support": [
        "init {init} --system support --gateway chatflow",
        "bots add desk-wa --system support --channel chatflow --address one --token-stdin < key.txt",
        f"support add-client Ромашка --source desk --telegram-bot support --whatsapp-bot desk-wa --chat {GROUP}",
    ],
    "courses": [
        "init {init} --system courses",
        "courses init --name Школа --bot courses",
        "courses consent-texts --add processing --ru text.txt --en text.txt",
        "courses consent-texts --add mailings --ru text.txt --en text.txt",
        "courses roles 512000001 admin --new",
    ],
    "learning": [
        "init {init} --system learning",
        "learning add-client backend",
        "learning example > track.yml",
        "learning import track.yml",
    ],
    "salon": [
        "init {init} --system salon",
        "salon example",  # a salon's bot has its tables before we come
        "salon connect --all",
        f"bots set-webhook salon-aurora --url {URL}",
    ],
}
# What only days bring, or the owner of a salon's bot.
LATER = {"salon": ["no session yet", "in clear in public.tenants_v2"]}


@dataclass(frozen=True)
class Typist:
    """Somebody who sets it up, and how long the commands have kept them."""

    terminal: Terminal
    folder: Path

    def type(self, command: str) -> tuple[float, int, str]:
        """The seconds of a command, its exit code, and what it printed."""
        started = time.monotonic()
        code, out, err = self.terminal.type(f"carillon {command}", self.folder)
        return time.monotonic() - started, code, out + err


@pytest.fixture(scope="module")
def warm(telegram: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    environment = {"PATH": os.environ["PATH"], "TELEGRAM_API_URL": telegram}
    topics = {"chat_id": int(GROUP), "is_forum": True}
    httpx.post(f"{telegram}/_sandbox/chats", json=topics, trust_env=False).raise_for_status()
    with terminal(tmp_path_factory.mktemp("typed"), environment) as found:
        yield found


@pytest.fixture
def typist(warm: Terminal, tmp_path: Path) -> Typist:
    (tmp_path / "token.txt").write_text(canaries.BOT_TOKEN, encoding="utf-8")
    (tmp_path / "key.txt").write_text("a key of a gateway 0123456789".replace(" ", "-"), encoding="utf-8")
    (tmp_path / "text.txt").write_text("Согласие. Consent.", encoding="utf-8")
    return Typist(warm, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("system", DAYS)
async def test_from_nothing_to_a_doctor_without_a_problem(
    system: str, typist: Typist, empty: str, telegram: str
) -> None:
    prefix = empty.partition("?")[0].rpartition("/")[2]
    init = f"--database-url '{empty}' --url {URL} --token-file token.txt --alerts {GROUP} --prefix {prefix}"
    if system == "learning":  # the one that is nothing without a model
        model = {"LLM_API_URL": f"{telegram}/model/v1", "LLM_API_KEY": "sandbox", "LLM_MODEL": "sandbox"}
        env_file.complete(typist.folder / ".env", model)
    spent = 0.0
    for command in DAYS[system]:
        seconds, code, printed = typist.type(command.format(init=init))
        spent += seconds
        assert code == 0 or "✓" in printed, printed  # init ends with doctor, who says what is still to do
        assert "an error that nobody foresaw" not in printed
    await run_schedules(typist.folder, telegram)
    for _ in range(5):
        seconds, code, printed = typist.type("doctor")
        if "no answer within" not in printed:  # on a busy machine, of somebody outside
            break

    assert (code, "✗" in printed) == (0, False), printed
    warnings = [line for line in printed.splitlines() if line.startswith("!")]
    assert [line for line in warnings if not any(word in line for word in LATER.get(system, []))] == []
    assert spent + seconds < SECONDS


async def run_schedules(folder: Path, telegram: str) -> None:
    """What a scheduler does within a day, with the settings that were written down."""
    settings = env_file.read(folder / ".env")
    functions = server.create_functions(config.load({**settings, "TELEGRAM_API_URL": telegram}))
    app = server.create_app({name: function.handler for name, function in functions.items()})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as http:
        for schedule in read_schedules():
            answer = await http.post(f"/{schedule.function}", headers={"x-cron-secret": settings["CRON_SECRET"]})
            assert answer.status_code == 200, schedule.function
    for function in functions.values():
        await function.close()
