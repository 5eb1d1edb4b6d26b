"""The groups of commands."""

import os
import tomllib
from pathlib import Path

import pytest

from infra.cli.main import load_settings
from shared.version import SCHEMA, VERSION
from tests.helpers.serving import ROOT
from tests.infra.cli.conftest import Carillon


def test_every_group_is_in_the_help_and_the_former_name_of_salon_is_not(carillon: Carillon) -> None:
    shown = {line.split()[1] for line in carillon("--help").out.splitlines() if line.startswith("│ ")}

    assert {"db", "people", "sources", "bots", "outbox", "support", "salon", "learning", "doctor"} <= shown
    assert "dashboard" not in shown


@pytest.mark.parametrize("group", ["salon", "dashboard"])
def test_the_salon_answers_to_its_name_and_for_one_release_to_its_former_one(carillon: Carillon, group: str) -> None:
    listed = carillon(group, "tenants", "--json")

    assert (listed.code, listed.json) == (0, [])


@pytest.mark.parametrize(
    "content",
    [
        b"DB_NAME=carillon\nDB_PASSWORD=a%b@c#d\n",
        b"\xef\xbb\xbfDB_NAME=carillon\r\nDB_PASSWORD=a%b@c#d\r\n",
        b"export DB_NAME=carillon\nexport DB_PASSWORD='a%b@c#d'\n",
        b'DB_NAME = "carillon"\nDB_PASSWORD="a%b@c#d" # a remark\n',
    ],
    ids=["plain", "saved by Windows", "for a shell", "with quotes and remarks"],
)
def test_settings_are_read_from_a_file_whatever_editor_saved_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    for name in ("DB_NAME", "DB_PASSWORD"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    (tmp_path / ".env").write_bytes(content)

    load_settings(tmp_path / ".env")

    assert (os.environ["DB_NAME"], os.environ["DB_PASSWORD"]) == ("carillon", "a%b@c#d")


def test_a_file_of_settings_in_another_encoding_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".env").write_bytes("DB_NAME=carillon".encode("utf-16"))

    with pytest.raises(SystemExit):
        load_settings(tmp_path / ".env")

    assert "save it again as UTF-8" in capsys.readouterr().err


def test_the_release_is_the_packages_and_stands_in_the_changelog(carillon: Carillon) -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert carillon("--version").out == f"carillon {VERSION}, schema {SCHEMA}\n"
    assert package["version"] == VERSION
    assert f"\n## [{VERSION}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
