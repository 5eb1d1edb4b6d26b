"""python -m infra.yandex.deploy --bucket BUCKET --account ID [--setting NAME=VALUE]: functions by Yandex's `yc` alone.

For whoever has no OpenTofu. Before: `make package-yandex`; `yc init`; a bucket; a service account that may read secrets
(lockbox.payloadViewer) and call functions (functions.functionInvoker); in Lockbox a secret carillon-<NAME> with one key
`value` for each name that serverless.yml resolves. Again, it makes new versions. The real `yc` has never been told it.
"""

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.local.schedules import read_schedules

ROOT = Path(__file__).parents[2]
ARCHIVES = ROOT / "build" / "yandex"
POKED = ("answer_conversations", "dispatch_notifications")  # with CRON_SECRET, from anywhere
ENTRY_POINT = "index.handle"  # of the module that each archive has at its top
RUNTIME = ["--runtime", "python312", "--entrypoint", ENTRY_POINT, "--concurrency", "1"]
GATEWAY = "carillon"
PLACE = ("AWS_ENDPOINT_URL_S3", "AWS_DEFAULT_REGION")  # of the archive
KEY = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
RESOLVED = "{{resolve:secretsmanager:"  # how serverless.yml names a secret


class Deployment:
    """Functions, timers and the gateway, each made where it is missing."""

    def __init__(self, bucket: str, account: str, settings: Mapping[str, str], archives: Path = ARCHIVES) -> None:
        """`account` is the service account of all functions and of who calls them."""
        self._bucket, self._account, self._settings, self._archives = bucket, account, settings, archives

    def run(self) -> None:
        """Deploy all. Raises CalledProcessError where yc refuses a step; again, it goes on from there."""
        blocks = yaml.safe_load((ROOT / "serverless.yml").read_text(encoding="utf-8"))["functions"]
        public = {name: self._function(name, block) for name, block in blocks.items()}
        for schedule in read_schedules(ROOT / "serverless.yml"):
            self._timer(schedule.function, cron(schedule.seconds))
            del public[schedule.function]
        self._gateway(public)

    def _function(self, name: str, block: dict[str, Any]) -> str:
        """A new version of a function; the function's id."""
        archive, own = self._archives / f"{name}.zip", dashed(name)
        key = f"{name}-{hashlib.sha256(archive.read_bytes()).hexdigest()}.zip"
        yc("storage", "s3", "cp", str(archive), f"s3://{self._bucket}/{key}")
        if not is_there("serverless", "function", "get", "--name", own):
            yc("serverless", "function", "create", "--name", own)
        asked = {variable: value for variable, value in block["environment"].items() if variable != "FUNCTION_TARGET"}
        secrets = {variable for variable, value in asked.items() if str(value).startswith(RESOLVED)}
        secrets |= {"CRON_SECRET"} if "POKE" in asked else set()  # over HTTP a poke proves itself
        has_archive = "ARCHIVE_URL" in asked and "ARCHIVE_URL" in self._settings
        secrets |= set(KEY) if has_archive else set()
        wanted = [*asked, *PLACE] if has_archive else asked
        values = {"FUNCTION_TARGET": name, "SERVER_ENV": "prod"}
        values |= {variable: self._settings[variable] for variable in wanted if variable in self._settings}
        yc(
            "serverless", "function", "version", "create", "--function-name", own, *RUNTIME,
            "--memory", f"{block.get('memorySize', 256)}MB", "--execution-timeout", f"{block['timeout']}s",
            "--service-account-id", self._account, "--package-bucket-name", self._bucket, "--package-object-name", key,
            *(word for pair in values.items() for word in ("--environment", '"{}={}"'.format(*pair))),
            *(word for variable in sorted(secrets) for word in ("--secret", _secret(name, variable))),
        )  # fmt: skip
        if name in POKED:
            yc("serverless", "function", "allow-unauthenticated-invoke", own)
        identity: str = json.loads(yc("serverless", "function", "get", "--name", own, "--format", "json"))["id"]
        return identity

    def _timer(self, name: str, expression: str) -> None:
        own = f"carillon-{dashed(name)}"
        if not is_there("serverless", "trigger", "get", "--name", own):
            yc(
                "serverless", "trigger", "create", "timer", "--name", own, "--cron-expression", expression,
                "--invoke-function-name", dashed(name), "--invoke-function-service-account-id", self._account,
                "--retry-attempts", "2", "--retry-interval", "20s",
            )  # fmt: skip

    def _gateway(self, functions: Mapping[str, str]) -> None:
        """The one address of what outsiders call, by the functions' ids."""
        spec = self._archives / "gateway.json"  # JSON is YAML
        spec.write_text(json.dumps(specification(functions, self._account)), encoding="utf-8")
        step = "update" if is_there("serverless", "api-gateway", "get", "--name", GATEWAY) else "create"
        sys.stdout.write(yc("serverless", "api-gateway", step, "--name", GATEWAY, "--spec", str(spec)))


def specification(functions: Mapping[str, str], account: str) -> dict[str, Any]:
    """The gateway's OpenAPI document: all below a function's name is the function's."""
    proxy = {"name": "proxy", "in": "path", "required": True, "schema": {"type": "string"}}
    called = {"type": "cloud_functions", "service_account_id": account, "payload_format_version": "1.0"}
    paths: dict[str, Any] = {
        f"/{name}/{{proxy+}}": {
            "x-yc-apigateway-any-method": {
                "parameters": [proxy],
                "x-yc-apigateway-integration": {**called, "function_id": identity},
            }
        }
        for name, identity in functions.items()
    }
    return {"openapi": "3.0.0", "info": {"title": "Carillon", "version": "1"}, "paths": paths}


def cron(seconds: float) -> str:
    """A timer's expression for every so many minutes, or for each day. Raises ValueError."""
    if seconds == 86400:
        return "0 3 * * ? *"
    if seconds % 60 or seconds > 1800:
        raise ValueError(f"no timer is known for every {seconds:g} seconds")
    return "* * * * ? *" if seconds == 60 else f"*/{seconds / 60:g} * * * ? *"


def dashed(name: str) -> str:
    """As Yandex takes names."""
    return name.replace("_", "-")


def _secret(function: str, variable: str) -> str:
    stored = f"DATABASE_URL_{function}" if variable == "DATABASE_URL" else variable
    return f"environment-variable={variable},name=carillon-{stored},key=value"


def yc(*words: str) -> str:
    """What it prints. Raises CalledProcessError, after it has said why."""
    return subprocess.run(["yc", *words], stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603, S607


def is_there(*words: str) -> bool:
    """Whether it finds what it is asked for."""
    return subprocess.run(["yc", *words], capture_output=True, check=False).returncode == 0  # noqa: S603, S607


def main(arguments: Iterable[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.yandex.deploy", description="Deploys by yc.")
    parser.add_argument("--bucket", required=True, help="where the archives go")
    parser.add_argument("--account", required=True, help="the id of the service account")
    parser.add_argument("--setting", action="append", default=[], metavar="NAME=VALUE", help="as POKE, LLM_API_URL")
    given = parser.parse_args(None if arguments is None else list(arguments))
    settings = dict(pair.split("=", 1) for pair in given.setting)
    try:
        Deployment(given.bucket, given.account, settings).run()
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        sys.stderr.write(f"carillon: {error}; mend it, and run this again\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
