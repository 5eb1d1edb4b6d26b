"""Functions served in threads."""

import json
from pathlib import Path

import httpx

from tests.helpers import arrange, canaries
from tests.helpers.threads import serve_in_thread


def test_a_function_in_a_thread_answers_and_prints_into_its_own_file(database_url: str, printed: Path) -> None:
    settings = {"DATABASE_URL": database_url, "SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET}
    with (
        serve_in_thread("housekeeping", printed, **settings) as first,
        serve_in_thread("remind_deadlines", printed, **settings) as second,
        httpx.Client(headers={"x-cron-secret": canaries.CRON_SECRET}, trust_env=False) as client,
    ):
        answers = [client.post(served.url).json() for served in (first, second)]
        while '"stranger"' not in first.output.read_text():  # in a crowd of others' not every one is written
            assert client.post(first.url, headers={"x-cron-secret": "wrong"}).status_code == 404

    assert answers == [{"done": 0, "remaining": 0}] * 2
    lines = [[json.loads(line) for line in served.output.read_text().splitlines()] for served in (first, second)]
    assert [[(line["function"], line["event"]) for line in own] for own in lines] == [
        [("housekeeping", "run_finished"), ("housekeeping", "stranger")],
        [("remind_deadlines", "run_finished")],
    ]
