"""The groups of commands."""

import pytest

from tests.infra.cli.conftest import Carillon


def test_every_group_is_in_the_help_and_the_former_name_of_salon_is_not(carillon: Carillon) -> None:
    shown = {line.split()[1] for line in carillon("--help").out.splitlines() if line.startswith("│ ")}

    assert {"db", "people", "sources", "bots", "outbox", "support", "salon", "learning", "doctor"} <= shown
    assert "dashboard" not in shown


@pytest.mark.parametrize("group", ["salon", "dashboard"])
def test_the_salon_answers_to_its_name_and_for_one_release_to_its_former_one(carillon: Carillon, group: str) -> None:
    listed = carillon(group, "tenants", "--json")

    assert (listed.code, listed.json) == (0, [])
