"""infra/yandex/deploy.py types what `yc` takes: one that only writes down what it is told stands for it."""

import json
import os
from pathlib import Path

import pytest

from infra.local.schedules import read_schedules
from infra.yandex import deploy
from tests.helpers.opentofu import Configuration
from tests.infra.aws.cloudformation import BLOCKS, ROOT, SCHEDULES

YANDEX = Configuration(ROOT / "infra" / "yandex")
# Nothing is there at first: `get` without --format finds nothing.
YC = """#!/bin/sh
for word in "$@"; do printf '%s\\t' "$word"; done >> "$TYPED"; echo >> "$TYPED"
case "$*" in *" get "*--format*) echo '{"id": "d4e0"}';; *" get "*) exit "$MISSING";; esac
"""


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what was typed is written down, a command a line; each function has an archive."""
    program = tmp_path / "yc"
    program.write_text(YC, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TYPED", str(tmp_path / "typed"))
    monkeypatch.setenv("MISSING", "1")
    for name in BLOCKS:
        (tmp_path / f"{name}.zip").write_bytes(name.encode())
    return tmp_path / "typed"


def run(typed: Path, **settings: str) -> list[list[str]]:
    given = {"POKE": "http:https://functions.yandexcloud.net/d4e0", "LLM_MODEL": "one, two", **settings}
    deploy.Deployment("sources", "aje0", given, typed.parent).run()
    return [line.rstrip("\t").split("\t") for line in typed.read_text(encoding="utf-8").splitlines()]


def test_each_function_gets_a_version_with_its_own_secrets_and_settings_as_opentofu_gives_it(typed: Path) -> None:
    archive = {"ARCHIVE_URL": "s3://b/x", "AWS_ENDPOINT_URL_S3": "https://storage.example.com"}
    versions = {
        line[5]: line for line in run(typed, **archive) if line[:4] == ["serverless", "function", "version", "create"]
    }

    assert set(versions) == {deploy.dashed(name) for name in BLOCKS}
    for name, function in YANDEX.functions.items():
        line = versions[deploy.dashed(name)]
        secrets = {line[n + 1].split(",")[0].partition("=")[2] for n, word in enumerate(line) if word == "--secret"}
        assert secrets == {*function["secrets"], "DATABASE_URL"}, name
        assert f"environment-variable=DATABASE_URL,name=carillon-DATABASE_URL_{name},key=value" in line
        assert line[line.index("--memory") + 1] == f"{function['memory']}MB"
        assert line[line.index("--execution-timeout") + 1] == f"{function['timeout']}s"
        assert ('"LLM_MODEL=one, two"' in line) == ("LLM_MODEL" in function["settings"])
        assert ('"AWS_ENDPOINT_URL_S3=https://storage.example.com"' in line) == (name == "housekeeping")
        assert f'"FUNCTION_TARGET={name}"' in line


def test_without_an_archive_nothing_is_asked_for_its_key(typed: Path) -> None:
    assert [word for line in run(typed) for word in line if "AWS_" in word or "ARCHIVE" in word] == []


def test_timers_and_the_gateway_are_those_of_opentofu(typed: Path) -> None:
    lines = run(typed)
    timers = {line[line.index("--invoke-function-name") + 1]: line[line.index("--cron-expression") + 1]
              for line in lines if line[:4] == ["serverless", "trigger", "create", "timer"]}  # fmt: skip
    gateway = json.loads((typed.parent / "gateway.json").read_text(encoding="utf-8"))

    assert timers == {deploy.dashed(name): YANDEX.functions[name]["schedule"] for name in SCHEDULES}
    assert set(gateway["paths"]) == {f"/{name}/{{proxy+}}" for name in BLOCKS if name not in SCHEDULES}
    opened = [line[3] for line in lines if line[2] == "allow-unauthenticated-invoke"]
    assert opened == ["dispatch-notifications", "answer-conversations"]


def test_what_is_there_is_not_made_again(typed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSING", "0")

    made = [line[1:4] for line in run(typed) if "create" in line[:4]]

    assert made == [["function", "version", "create"]] * len(BLOCKS)


def test_a_schedule_without_a_timer_is_named() -> None:
    assert {deploy.cron(schedule.seconds) for schedule in read_schedules()} >= {"* * * * ? *", "*/15 * * * ? *"}
    with pytest.raises(ValueError, match="no timer is known for every 90 seconds"):
        deploy.cron(90)
