"""What compose.yml, the Dockerfiles and the scripts say. No image is built and no container started here."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.helpers.serving import ROOT
from tests.infra.docker.server import DOCKER

COMPOSE: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("migrate", "blue", "green")
FAKE_DOCKER = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in
    *"ps --quiet --status running green"*) [ "$SERVES" = green ] && echo an-id ;;
    *" up "*) exit "$HEALTHY" ;;
    *"run --rm --no-deps migrate"*) exit "$MIGRATED" ;;
esac
exit 0
"""


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_comes_back_and_none_has_more_power_than_it_needs(name: str) -> None:
    service = SERVICES[name]

    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert "privileged" not in service
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))
    if name not in ("postgres", "caddy"):  # these images need their own ways
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_nothing_but_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]


def test_no_secret_stands_in_a_file_and_every_variable_is_explained() -> None:
    text = (DOCKER / "compose.yml").read_text(encoding="utf-8")
    example = (DOCKER / "server.env.example").read_text(encoding="utf-8")

    used = set(re.findall(r"\$\{(\w+)", text)) - {"CARILLON_IMAGE", "CARILLON_VERSION"}
    assert sorted(name for name in used if f"\n{name}=" not in example) == []
    assert not re.search(r"(?i)(password|secret|key): [^$\"]", text)


def test_every_file_that_is_mounted_or_copied_is_there() -> None:
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DOCKER / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert [path for path in mounted if path.startswith("./") and not (ROOT / path).exists()] == []
    for path in " ".join(copied).split():
        assert (ROOT / path).exists()
        assert f"!{path}" in ignored, "the image's builder would not see it"


def test_the_image_has_no_root_no_builder_and_asks_for_its_health() -> None:
    build, image = (DOCKER / "Dockerfile").read_text(encoding="utf-8").split("\nFROM ")[-2:]

    assert "--require-hashes --no-deps --only-binary :all:" in build
    assert "uninstall --yes hatchling pip" in build
    assert "USER 10001:10001" in image
    assert "HEALTHCHECK" in image
    assert not re.search(r"\b(gcc|build-essential|apt-get|pip install)\b", image)


@pytest.mark.parametrize("script", [path.name for path in DOCKER.glob("*.sh")])
def test_scripts_are_ones_that_a_plain_shell_reads(script: str) -> None:
    subprocess.run(["/bin/sh", "-n", DOCKER / script], check=True)


@pytest.fixture
def docker(tmp_path: Path) -> Path:
    path = tmp_path / "docker"
    path.write_text(FAKE_DOCKER, encoding="utf-8")
    path.chmod(0o755)
    return tmp_path


def deployed(docker: Path, serves: str = "blue", healthy: int = 0, migrated: int = 0) -> tuple[int, list[str]]:
    """The exit code of deploy.sh, and what it asked Docker to do."""
    calls = docker / "calls"
    environment = {
        "PATH": f"{docker}:{os.environ['PATH']}", "CALLS": str(calls), "SERVES": serves, "HEALTHY": str(healthy),
        "MIGRATED": str(migrated), "CARILLON_VERSION": "0.2.0", "CADDY_SECONDS": "0",
    }  # fmt: skip
    done = subprocess.run(
        ["/bin/sh", DOCKER / "deploy.sh"], cwd=docker, env=environment, capture_output=True, text=True, check=False
    )
    asked = [line.partition("--profile deploying ")[2] for line in calls.read_text(encoding="utf-8").splitlines()]
    return done.returncode, asked


@pytest.mark.parametrize(("old", "new"), [("blue", "green"), ("green", "blue")])
def test_a_healthy_image_takes_over_and_only_then_the_old_one_ends(docker: Path, old: str, new: str) -> None:
    code, asked = deployed(docker, serves=old)

    assert code == 0
    assert asked[-5:] == [
        f"pull {new}",
        "run --rm --no-deps migrate",
        f"up --detach --no-deps --wait --wait-timeout 30 {new}",
        f"stop {old}",
        f"rm --force {old}",
    ]


def test_an_image_that_is_not_healthy_leaves_the_old_one_alone(docker: Path) -> None:
    code, asked = deployed(docker, healthy=1)

    assert code == 1
    assert asked[-1] == "rm --stop --force green"
    assert not any(line.startswith("stop") for line in asked)


def test_migrations_that_fail_end_it_before_anything_is_started(docker: Path) -> None:
    code, asked = deployed(docker, migrated=1)

    assert code == 1
    assert not any(line.startswith(("up", "stop", "rm")) for line in asked)


@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy is not installed, so nobody else reads the Caddyfile")
def test_caddy_takes_its_file() -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DOCKER / "Caddyfile")]
    subprocess.run(command, env={**os.environ, "DOMAIN": "example.com"}, check=True, capture_output=True)
