"""`carillon serve` before it serves; tests/infra/local/serve has what it serves."""

import pytest

from tests.infra.cli.conftest import Carillon


def test_a_public_address_without_a_secret_of_the_scheduler_is_refused(carillon: Carillon) -> None:
    ran = carillon("serve", "--host", "0.0.0.0", CRON_SECRET_IS_PLATFORM="1")  # noqa: S104 - the case

    assert ran.code == 1
    assert "anybody there could call what is scheduled" in ran.err
    assert "set CRON_SECRET" in ran.err


@pytest.mark.parametrize("host", ["127.0.0.1", "::"])
def test_there_is_no_serving_without_a_secret_of_the_scheduler(carillon: Carillon, host: str) -> None:
    ran = carillon("serve", "--host", host)

    assert (ran.code, "CRON_SECRET is not set" in ran.err) == (1, True)
