"""Every command in the README and the docs does what it says."""

import os
import re
import subprocess
import sys
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


@pytest.mark.slow
@pytest.mark.timeout(600)  # four dozen starts of the command: half a minute on an idle machine
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
        with sandbox_process(printed) as telegram_url:
            environment = {
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "HOME": str(tmp_path),
                "DATABASE_URL": url,
                "SECRETS_KEY": secrets.new_key(),
                "CRON_SECRET": canaries.CRON_SECRET,
                "TELEGRAM_API_URL": telegram_url,
                "EVOLUTION_API_URL": f"{telegram_url}/evolution",
            }
            for command in (c for c in COMMANDS if c.startswith("carillon ")):
                if "trace" in command:
                    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
                        arrange.event(connection, user_id="1", answer_id="1")
                if "outbox show" in command:
                    with psycopg.connect(url, autocommit=True) as connection:
                        connection.execute(A_MESSAGE)
                done = subprocess.run(  # noqa: S602 - as a newcomer types it, redirection included
                    command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
                )
                with log.open("a") as file:
                    file.write(done.stdout + done.stderr)
                # doctor ends with 1 as long as the functions have never run: that is its job.
                assert done.returncode == 0 or "doctor" in command, f"{command}\n{done.stdout}{done.stderr}"
                assert "Traceback" not in done.stdout + done.stderr
                assert done.stdout.strip()
    finally:
        postgres.drop_database(server_url, name)
