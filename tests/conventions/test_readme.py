"""Every command in the README and the docs does what it says."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from infra.local import postgres
from shared.credentials import secrets
from tests.helpers import arrange, canaries
from tests.helpers.serving import sandbox_process

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = [
    line.split(" #")[0].strip()
    for page in PAGES
    for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
A_MESSAGE = """
    insert into platform.outbox (id, bot_id, chat_id, lane, kind, method, payload, dedup_key, correlation_id, policy)
    overriding system value
    select 42, id, 1, '1', 'getcourse/answer', 'sendMessage', '{"text": "t"}', 'k', 'c', 'at_least_once'
    from platform.bots where name = 'school'
"""
RUN_ELSEWHERE = ("npx osls@",)  # packaged, not deployed, by tests/infra/aws


def test_each_command_is_of_a_kind_that_some_test_runs() -> None:
    strange = [c for c in COMMANDS if not c.startswith(("make ", "carillon ", *RUN_ELSEWHERE))]

    assert strange == []


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_make_knows_its_targets(command: str) -> None:
    """What they do is run by tests/infra/demo and by .ci/run (check, test)."""
    dry = subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert dry.returncode == 0, dry.stderr


class Terminal:
    """Where a newcomer types: in `folder`, with `environment`."""

    def __init__(self, folder: Path, environment: dict[str, str], warm: subprocess.Popen[str]) -> None:
        """`warm` is tests.helpers.warm_carillon: four dozen starts of the command would take a minute."""
        self._folder, self._environment, self._warm = folder, environment, warm

    def type(self, command: str) -> tuple[int, str, str]:
        """The command's exit code, and what it printed. The shell does what only a shell can."""
        if "<" in command:
            done = subprocess.run(  # noqa: S602 - as a newcomer types it, redirection included
                command,
                shell=True,
                cwd=self._folder,
                env=self._environment,
                capture_output=True,
                text=True,
                check=False,
            )
            return done.returncode, done.stdout, done.stderr
        assert self._warm.stdin is not None
        assert self._warm.stdout is not None
        self._warm.stdin.write(json.dumps(shlex.split(command)[1:]) + "\n")
        self._warm.stdin.flush()
        code = int(self._warm.stdout.readline())
        return code, (self._folder / "out").read_text("utf-8"), (self._folder / "err").read_text("utf-8")


@contextmanager
def terminal(folder: Path, environment: dict[str, str]) -> Iterator[Terminal]:
    """A terminal, as long as the context lasts."""
    command = [sys.executable, "-m", "tests.helpers.warm_carillon"]
    settings = {**environment, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=folder, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as warm:
        yield Terminal(folder, environment, warm)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_newcomer_can_type_the_carillon_commands_one_after_the_other(
    server_url: str, tmp_path: Path, printed: Path
) -> None:
    name = f"carillon_test_readme_{os.getpid()}"
    url = postgres.create_database(server_url, name)
    (tmp_path / "token.txt").write_text(canaries.BOT_TOKEN)
    (tmp_path / "mentors.csv").write_text("getcourse_id;email;имя;telegram_id\n1;m@example.com;Майя;700000001\n")
    (tmp_path / "desk-token.txt").write_text(canaries.BOT_TOKEN.replace("1:", "2:", 1))
    (tmp_path / "apikey.txt").write_text(canaries.SOURCE_SECRET)
    (tmp_path / "facts.txt").write_text("Цены: стрижка 6000 тенге")
    track = (ROOT / "infra" / "admin" / "learning" / "example_track.yml").read_text(encoding="utf-8")
    (tmp_path / "track.yml").write_text(track, encoding="utf-8")
    log = printed / "readme.log"
    try:
        with ExitStack() as stack:
            telegram_url = stack.enter_context(sandbox_process(printed))
            environment = {
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "HOME": str(tmp_path),
                "DATABASE_URL": url,
                "SECRETS_KEY": secrets.new_key(),
                "CRON_SECRET": canaries.CRON_SECRET,
                "TELEGRAM_API_URL": telegram_url,
                "EVOLUTION_API_URL": f"{telegram_url}/evolution",
            }
            shell = stack.enter_context(terminal(tmp_path, environment))
            for command in (c for c in COMMANDS if c.startswith("carillon ")):
                if "trace" in command:
                    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
                        arrange.event(connection, user_id="1", answer_id="1")
                if "outbox show" in command:
                    with psycopg.connect(url, autocommit=True) as connection:
                        connection.execute(A_MESSAGE)
                code, out, err = shell.type(command)
                with log.open("a") as file:
                    file.write(out + err)
                # doctor ends with 1 as long as the functions have never run: that is its job.
                assert code == 0 or "doctor" in command, f"{command}\n{out}{err}"
                assert "Traceback" not in out + err
                assert out.strip()
    finally:
        postgres.drop_database(server_url, name)
