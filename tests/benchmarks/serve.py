"""`carillon serve` against one function alone: the same webhooks, each by one worker, in turn.

`alone` is the webhooks a second of ingest_webhook within the process tree over those of functions-framework with
nothing else in it; `cpu` the processor time of a webhook, the keeper, the scheduler and their other work among it.
`pss_mb` is all that the tree holds with two workers, after load.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import servers
from tests.benchmarks.ingest import WARM_UP_SECONDS, Score, median_of, under_load
from tests.benchmarks.measuring import Plan, Result, rounded
from tests.benchmarks.servers import Running
from tests.helpers import arrange, canaries

GOALS = {"alone": ">= 0.9", "pss_mb": "<= 300"}
MEMORY = 256 * 2**20  # bytes that a worker may have, as serve has it
TABLE = "getcourse.webhook_events"


def measure(plan: Plan) -> Result:
    """Run both against each other, then the tree with two workers for its memory."""
    with servers.database() as url:
        alone = servers.start(servers.function("ingest_webhook"), "ingest_webhook", plan.printed, **_settings(url))
        with servers.serving(alone), _tree(url, plan, workers=1) as tree:
            below = {"function": (alone, ""), "serve": (tree, "/ingest_webhook")}
            for running, prefix in below.values():
                _load(running, prefix, min(WARM_UP_SECONDS, plan.seconds), url)
            runs = {
                name: lambda at=running, prefix=prefix: _load(at, prefix, plan.seconds, url)
                for name, (running, prefix) in below.items()
            }
            scores = {name: median_of(rounds) for name, rounds in plan.interleave("serve", runs).items()}
        with _tree(url, plan, workers=2) as tree:
            _load(tree, "/ingest_webhook", plan.seconds, url)
            pss = servers.pss_mb(tree)
    figures: dict[str, float | str] = {"pss_mb": rounded(pss)}
    for name, score in scores.items():
        figures |= {f"{name}_per_second": rounded(score.per_second), f"{name}_cpu_us": rounded(score.cpu_us)}
        figures |= {f"{name}_p99_ms": rounded(score.p99_ms)}
    function, served = scores["function"], scores["serve"]
    ratios = {
        "alone": rounded(served.per_second / function.per_second),
        "cpu": rounded(served.cpu_us / function.cpu_us),
    }
    return Result("serve", figures, ratios, GOALS)


def _settings(url: str) -> dict[str, str]:
    keys = {"SECRETS_KEY": arrange.SECRETS_KEY, "CRON_SECRET": canaries.CRON_SECRET}
    return {"DATABASE_URL": url, **keys, **servers.ASGI}


@contextmanager
def _tree(url: str, plan: Plan, workers: int) -> Iterator[Running]:
    """`carillon serve`, without the command that becomes it."""
    options = {"--host": "127.0.0.1", "--workers": workers, "--memory": MEMORY, "--control": plan.printed / "s"}
    words = [str(word) for option in options.items() for word in option]
    output: Path = plan.printed / f"serve-{workers}.log"
    module = ["infra.local.serve.keeper", *words]
    with servers.serving(servers.start_module(module, output, **_settings(url))) as running:
        yield running


def _load(running: Running, prefix: str, seconds: float, url: str) -> Score:
    address = f"{running.url}{prefix}/getcourse/school?secret={canaries.SOURCE_SECRET}"
    return under_load(running, address, seconds, url, TABLE)
