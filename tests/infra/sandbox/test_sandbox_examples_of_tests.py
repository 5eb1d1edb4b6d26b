"""docs/testing-bots.md: its bots and their tests run as they stand there."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from infra.sandbox.testing.wanted import WantedAll, WantedSoon
from tests.helpers.serving import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.infra.sandbox.conftest import Client

PAGE = (ROOT / "docs/testing-bots.md").read_text("utf-8")


def example(language: str, number: int) -> str:
    return str(re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[number])


async def run(folder: Path, *command: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


@pytest.mark.timeout(300)
async def test_the_example_for_pytest_passes(client: Client, tmp_path: Path) -> None:
    (tmp_path / "bot.py").write_text(example("python", 0))
    (tmp_path / "test_bot.py").write_text(example("python", 1).replace("http://127.0.0.1:8081", client.server.url))
    options = ("-q", "-p", "no:cacheprovider", "--rootdir", ".")
    code, said = await run(tmp_path, sys.executable, "-m", "pytest", *options, "test_bot.py")

    assert (code, "2 passed" in said) == (0, True), said


@pytest.mark.timeout(300)
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
async def test_the_example_for_node_passes(client: Client, tmp_path: Path) -> None:
    (tmp_path / "bot.mjs").write_text(example("js", 0))
    (tmp_path / "bot.test.mjs").write_text(example("js", 1).replace("http://127.0.0.1:8081", client.server.url))
    code, said = await run(tmp_path, "node", "--test")

    assert (code, "# pass 1" in said) == (0, True), said


async def test_the_world_of_the_page_is_planted(client: Client) -> None:
    world = json.loads(example("json", 0))
    planted = await client.control("seed", **world)

    assert len(planted["messages"]) == len(world["messages"])
    assert [message["text"] for message in world["messages"]][:2] == ["Good morning", "Shall I come?"]


def test_every_condition_is_described() -> None:
    for name, field in (WantedAll.model_fields | WantedSoon.model_fields).items():
        assert f"`{field.alias or name}`" in PAGE
