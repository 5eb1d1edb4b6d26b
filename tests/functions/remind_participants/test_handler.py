"""The function as the scheduler calls it."""

from pathlib import Path

import httpx

from tests.helpers.threads import serve_in_thread


def test_a_run_with_nothing_to_do_says_so(database_url: str, printed: Path) -> None:
    settings = {"DATABASE_URL": database_url, "CRON_SECRET_IS_PLATFORM": "1"}
    with serve_in_thread("remind_participants", printed, **settings) as served:
        answer = httpx.post(served.url, trust_env=False)

    assert answer.json() == {"done": 0, "remaining": 0, "offered": 0}
