"""Installs the strangers into build/standins: Python's packages, Node's, python-telegram-bot's own tests."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tests.standins.files import supply

HERE = Path(__file__).parent
BUILD = HERE.parent.parent / "build/standins"
PYTHON = BUILD / "venv/bin/python"
NODE_MODULES = BUILD / "node_modules"
_PTB = "python-telegram-bot==22.8"


def install() -> Path | None:
    """Install what is not there yet; the folder with python-telegram-bot's tests, None when they cannot be had."""
    BUILD.mkdir(parents=True, exist_ok=True)
    if not is_done("requirements.txt"):
        _say("Installing Python's clients into build/standins (once) ...")
        _run(sys.executable, "-m", "venv", BUILD / "venv")
        _run(PYTHON, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt")
        _done("requirements.txt")
    if shutil.which("npm") and not is_done("package.json"):
        _say("Installing Node's clients into build/standins (once) ...")
        shutil.copy(HERE / "package.json", BUILD / "package.json")
        _run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", BUILD)
        _done("package.json")
    return _tests_of_ptb()


def _tests_of_ptb() -> Path | None:
    """The tests are part of the source distribution."""
    found = next(BUILD.glob("python_telegram_bot-*/tests"), None)
    if found is None:
        _say("Fetching python-telegram-bot's tests ...")
        source = ("--no-deps", "--no-binary", "python-telegram-bot", _PTB)
        try:
            _run(PYTHON, "-m", "pip", "download", "-q", "-d", BUILD, *source)
        except subprocess.CalledProcessError:
            return None
        with tarfile.open(next(BUILD.glob("python_telegram_bot-*.tar.gz"))) as archive:
            archive.extractall(BUILD, filter="data")
        found = next(BUILD.glob("python_telegram_bot-*/tests"))
    supply(found / "data")
    return found.parent


def is_done(name: str) -> bool:
    """Whether this list of packages is installed, as it is now."""
    installed = BUILD / f".installed-{name}"
    return installed.exists() and installed.read_text() == (HERE / name).read_text()


def _done(name: str) -> None:
    (BUILD / f".installed-{name}").write_text((HERE / name).read_text())


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, cwd=BUILD)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
