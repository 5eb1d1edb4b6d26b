"""What an OpenTofu configuration says, as far as it can be read without its provider."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import hcl2
import pytest

from infra.local.schedules import seconds_of

# Of Google's scheduler and of Yandex's timers, which have a year in a sixth place.
PERIODS = {
    r"\* \* \* [\*?] [\*?]( \*)?": 60,
    r"\*/(\d+) \* \* [\*?] [\*?]( \*)?": 60,
    r"0 \d+ \* [\*?] [\*?]( \*)?": 86400,
}


# Where AWS's own identity is not: the archive's place and its key.
PLACE, KEY = {"AWS_ENDPOINT_URL_S3", "AWS_DEFAULT_REGION"}, {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


class Configuration:
    """The main.tf of a folder, parsed for who asks what it says: every worker imports this, and parsing takes long."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.text = (folder / "main.tf").read_text(encoding="utf-8")

    @cached_property
    def content(self) -> dict[str, Any]:
        """Its blocks."""
        content: dict[str, Any] = _plain(hcl2.loads(self.text))
        return content

    @property
    def functions(self) -> dict[str, dict[str, Any]]:
        """What it says of each function."""
        functions: dict[str, dict[str, Any]] = self.content["locals"][0]["functions"]
        return functions

    def resource(self, kind: str, name: str) -> dict[str, Any]:
        """A resource's block."""
        [found] = [block[kind][name] for block in self.content["resource"] if name in block.get(kind, {})]
        block: dict[str, Any] = found
        return block

    def check_functions(self, blocks: Mapping[str, Any], secrets: Iterable[str], unit: str) -> None:
        """Every function is there as serverless.yml has it in `blocks`; `unit` stands behind a memory's number."""
        assert set(self.functions) == set(blocks)
        for name, block in blocks.items():
            function, asked = self.functions[name], set(block["environment"])
            by_http = {"CRON_SECRET"} if "POKE" in asked else set()  # on AWS a queue takes the pokes
            archive = "ARCHIVE_URL" in asked
            assert function["timeout"] == block["timeout"], name
            assert f"{function['memory']}{unit}" == f"{block.get('memorySize', 256)}Mi", name
            assert set(function["secrets"]) == asked & set(secrets) | by_http | (KEY if archive else set()), name
            settings = asked - set(secrets) - {"FUNCTION_TARGET", "DATABASE_URL"} | (PLACE if archive else set())
            assert set(function["settings"]) == settings, name
            if "events" in block:
                rate = block["events"][0]["schedule"]["rate"][0]
                assert _period(function["schedule"]) == seconds_of(name, rate), name
            else:
                assert (function["schedule"], function["instances"]) == ("", block["reservedConcurrency"]), name

    def check_with_program(self) -> None:
        """OpenTofu or Terraform finds it formatted, and valid where the provider is. Skips what is not here."""
        program = shutil.which("tofu") or shutil.which("terraform")
        if program is None:
            pytest.skip("neither OpenTofu nor Terraform is here")
        subprocess.run([program, "fmt", "-check", "-diff"], cwd=self.folder, check=True)
        if not (self.folder / ".terraform").exists():
            pytest.skip(f"{self.folder} is read, not validated: nobody ran `tofu init` there, which gets the provider")
        subprocess.run([program, "validate"], cwd=self.folder, check=True)


def _plain(value: Any) -> Any:
    """A value without the quotes that the reader keeps."""
    if isinstance(value, dict):
        return {_plain(key): _plain(found) for key, found in value.items()}
    if isinstance(value, list):
        return [_plain(found) for found in value]
    return value[1:-1] if isinstance(value, str) and value.startswith('"') else value


def _period(cron: str) -> int:
    """The seconds between two times of a schedule."""
    [(found, seconds)] = [(match, n) for pattern, n in PERIODS.items() if (match := re.fullmatch(pattern, cron))]
    return seconds * int(found[1]) if (found[1] or "").isdecimal() else seconds
