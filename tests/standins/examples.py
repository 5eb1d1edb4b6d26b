"""The examples of the page of the sandbox, run as somebody would who copies them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from tests.standins.install import BUILD, PYTHON, is_done
from tests.standins.processes import sandbox

PAGE = (BUILD.parent.parent / "docs/sandbox.md").read_text("utf-8")
EXAMPLES = {"aiogram": 7100000052, "grammy": 7100000053}  # the bot of each, an echo
_PERSON, _WORD = 4100000099, "echo me"
_LIMIT_S = 60
_OPENER = build_opener(ProxyHandler({}))


def with_word(word: str, url: str) -> str:
    """The page's example that has this word, for the sandbox at `url`."""
    [example] = [code for code in re.findall(r"```(?:python|js)\n(.*?)```", PAGE, re.DOTALL) if word in code]
    return str(example).replace("http://127.0.0.1:8081", url)


def is_installed(name: str) -> bool:
    """Whether the library is there, and not still on its way."""
    if name == "aiogram":
        return is_done("requirements.txt")
    return bool(shutil.which("node")) and is_done("package.json")


def run_example(name: str) -> str:
    """Start the bot, write to it, and wait for its echo; what went wrong, empty when nothing did."""
    with sandbox() as url:
        script = BUILD / "clients" / ("example.py" if name == "aiogram" else "example.mjs")
        script.parent.mkdir(exist_ok=True)
        script.write_text(with_word(f"from {name}" if name == "aiogram" else f'"{name}"', url))
        program = PYTHON if name == "aiogram" else "node"
        _ask(f"{url}/_sandbox/say", {"bot": EXAMPLES[name], "chat_id": _PERSON, "text": _WORD})
        command = [program, script]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            try:
                return _wait(url, process)
            finally:
                process.kill()


def _wait(url: str, process: subprocess.Popen[str]) -> str:
    until = time.monotonic() + _LIMIT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            return process.stderr.read()[-600:] if process.stderr else "it ended"
        rows = _ask(f"{url}/_sandbox/journal?method=sendMessage")
        if any(row["params"].get("text") == _WORD for row in rows):
            return ""
        time.sleep(0.1)
    return "no echo"


def _ask(url: str, body: object = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    request = Request(url, content, {"Content-Type": "application/json"})  # noqa: S310 - ours
    with _OPENER.open(request, timeout=_LIMIT_S) as response:
        return json.load(response)
