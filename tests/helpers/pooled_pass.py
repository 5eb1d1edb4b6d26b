"""pytest --pooled: every test in which functions meet a database, through PgBouncer."""

from typing import Any

import pytest

from tests.helpers import pooler

# Who asks for one of these lets functions at a database.
REACHED_BY = {"database_url", "module_database_url", "front"}
TOLD = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option."""
    parser.addoption("--pooled", action="store_true", help="functions reach Postgres through PgBouncer, pool size 1")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that let no function at a database: nothing differs for them.

    Files with slow tests go first, so that no worker is left alone with them at the end.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    if not config.getoption("pooled"):
        return
    if pooler.BINARY is None:
        raise pytest.UsageError(pooler.MISSING)
    others = [item for item in items if REACHED_BY.isdisjoint(getattr(item, "fixturenames", ()))]
    items[:] = [item for item in items if item not in set(others)]
    config.hook.pytest_deselected(items=others)
    told = f"through PgBouncer: {len(items)} tests; left out, as no function meets a database in them: {len(others)}"
    config.stash[TOLD] = told
    if (for_controller := getattr(config, "workeroutput", None)) is not None:
        for_controller["pooled"] = told


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """With -n the workers collect, and each the same; what one tells is what is printed."""
    told = getattr(node, "workeroutput", {}).get("pooled")
    if told:
        node.config.stash[TOLD] = told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """How many that were."""
    if TOLD in config.stash:
        terminalreporter.write_line(config.stash[TOLD])
