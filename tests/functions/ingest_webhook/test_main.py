"""Which handler a path leads to."""

import httpx
import pytest

from tests.helpers.serving import Served


@pytest.mark.parametrize("provider", ["getcourse", "whatsapp", "yclients", "telegram", ""])
def test_an_unknown_source_and_an_unknown_provider_get_one_answer(served_ingest: Served, provider: str) -> None:
    unknown = httpx.post(f"{served_ingest.url}/{provider}/nobody", trust_env=False)
    nothing = httpx.post(served_ingest.url, trust_env=False)

    assert (unknown.status_code, unknown.content) == (nothing.status_code, nothing.content)
    assert unknown.status_code == 404
