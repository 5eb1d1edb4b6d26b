"""The benchmarks run and say what the design promises; their figures are not judged here, the machine is shared."""

import json
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.benchmarks import servers
from tests.benchmarks.__main__ import benchmarks
from tests.benchmarks.measuring import Plan, Result, median, percentile, turns
from tests.benchmarks.payload import BYTES, body
from tests.benchmarks.siege_attacks import ATTACKS
from tests.helpers.serving import ROOT

RATIOS = {
    "courses": set(),
    "ingest": {"flask_noop", "sqlalchemy_orm", "noop_cpu"},
    "latency": set(),
    "press": set(),
    "reply": set(),
    "cold": {"time", "memory"},
    "digest": {"scan", "tenant_loop"},
    "dispatch": {"best_queue", "ceiling"},
    "growth": set(),
    "import": {"copy"},
    "night": {"p99"},
    "packaged": {"time", "memory"},
    "pages": set(),
    "rate": {"used", "over"},
    "sandbox": set(),
    "scale": set(),
    "serve": {"alone", "cpu"},
    "siege": set(ATTACKS),
    "sweep": {"unindexed"},
}


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip


# These start dozens of processes for a look at their last line; make bench runs them.
TOO_LONG_HERE = {"cold", "dispatch", "growth", "night", "packaged", "rate", "sandbox", "scale", "serve", "siege"}
# Most of their time goes into rows that are made: twenty thousand do.
SECONDS = {"courses": "0.05", "digest": "0.05", "import": "0.05", "pages": "0.05", "sweep": "0.05"}


@pytest.fixture(scope="module")
def _server() -> Iterator[None]:
    """One Postgres, which all of these processes find running."""
    with servers.postgres_server():
        yield


@pytest.mark.slow
@pytest.mark.usefixtures("_server")
@pytest.mark.parametrize("name", sorted(RATIOS.keys() - TOO_LONG_HERE))
def test_each_ends_with_one_json_object_that_holds_the_ratios_of_the_design(name: str) -> None:
    ended = bench(name, "--rounds", "1", "--seconds", SECONDS.get(name, "0.3"))

    assert ended.returncode in (0, 1), ended.stderr
    said = json.loads(ended.stdout.splitlines()[-1])
    assert list(said) == ["name", "figures", "ratios", "goals", "met"]
    assert said["name"] == name
    assert set(said["ratios"]) == RATIOS[name]
    assert set(said["goals"]) <= set(said["ratios"]) | set(said["figures"])
    assert said["met"] is (ended.returncode == 0)
    assert all(value > 0 for value in said["ratios"].values())


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    ended = bench("speed")

    assert ended.returncode == 2
    known = "cold, courses, digest, dispatch, growth, import, ingest, latency, night, packaged, pages, press, rate, "
    known += "reply, sandbox, scale, serve, siege, sweep"
    assert f"no benchmark speed: there are {known}" in ended.stderr


def test_a_benchmark_is_found_by_its_file() -> None:
    assert set(RATIOS) <= set(benchmarks())
    assert "load" not in benchmarks()


def test_everybody_runs_once_a_round_and_nobody_always_first() -> None:
    assert turns(["a", "b", "c"], 4) == [*"abc", *"bca", *"cab", *"abc"]


def test_interleaving_keeps_each_contenders_measurements_in_order(tmp_path: Path) -> None:
    calls: list[str] = []

    def contender(name: str) -> int:
        calls.append(name)
        return len(calls)

    plan = Plan(2, 0.1, tmp_path, Console(file=StringIO()))
    measured = plan.interleave("x", {"a": lambda: contender("a"), "b": lambda: contender("b")})

    assert calls == ["a", "b", "b", "a"]
    assert measured == {"a": [1, 4], "b": [2, 3]}


def test_one_outlier_does_not_move_the_median() -> None:
    assert median([1.0, 2.0, 900.0]) == 2.0
    assert median([1.00049]) == 1.0


def test_percentiles_of_few_values() -> None:
    assert percentile([7.0], 99) == 7.0
    assert percentile(range(101), 50) == 50
    assert percentile(range(101), 99) == 99


@pytest.mark.parametrize(
    ("goal", "value", "missed"),
    [(">= 1.3", 1.3, []), (">= 1.3", 1.299, ["x"]), ("<= 30", 30.0, []), ("<= 30", 31.0, ["x"]), ("< 90", 90.0, ["x"])],
)
def test_a_goal_is_reached_or_missed(goal: str, value: float, missed: list[str]) -> None:
    for result in (Result("b", {"x": value}, {}, {"x": goal}), Result("b", {}, {"x": value}, {"x": goal})):
        assert result.missed() == missed
        assert json.loads(result.line())["met"] is not bool(missed)


def test_a_goal_about_something_that_was_not_measured_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Result("b", {}, {}, {"x": "< 1"}).missed()


def test_a_webhook_weighs_what_it_should() -> None:
    assert BYTES - 100 < len(body("A1").encode()) <= BYTES
    assert json.loads(body("A1", user_id="7"))["answer_id"] == "A1"
