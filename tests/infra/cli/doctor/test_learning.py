"""carillon doctor's lines about the learning system."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import DictRow

from functions.agent_reply import token_budget
from functions.learning_api.quotas import WHOLE_CLIENT
from shared.database import sql
from tests.conftest import rows
from tests.helpers.serving import sandbox_process
from tests.infra.cli.conftest import Carillon

Connection = psycopg.Connection[DictRow]
Line = tuple[str, str, str]

MODEL = {"LLM_API_URL": "https://model.example/v1", "LLM_MODEL": "m"}

USED = "insert into learning.daily_usage select id, (now() at time zone 'UTC')::date"
NO_DEVICE = "null as user, 0 as device_budget, 0 as new_budget"
KEY = "insert into learning.idempotency_keys select id, 'k', sha256('k'), gen_random_uuid(), now(), null"


@pytest.fixture
def findings(carillon: Carillon) -> Callable[..., list[Line]]:
    """Level, finding and next step of each line about learning that is not in order."""

    def examine(*, fine: bool = False, **settings: str) -> list[Line]:
        report = carillon("doctor", "--offline", "--json", **{**MODEL, **settings}).json["findings"]
        lines = [line for line in report if line["area"] == "learning" and (fine or line["status"] != "ok")]
        assert all(line["next_step"] for line in lines if line["status"] != "ok")
        return [(line["status"], line["message"], line["next_step"]) for line in lines]

    return examine


@pytest.fixture
def school(carillon: Carillon) -> None:
    """The example track, and a client."""
    carillon("db", "seed")
    carillon("learning", "add-client", "app", "--daily-tokens", "10000")


def test_without_clients_and_tracks_there_is_nothing_to_say(findings: Callable[..., list[Line]]) -> None:
    assert findings(fine=True, LLM_API_URL="") == []


@pytest.mark.usefixtures("school")
def test_the_example_with_a_client_is_in_order(findings: Callable[..., list[Line]]) -> None:
    assert [finding for _, finding, _ in findings(fine=True)] == [
        "app may call",
        "track sql-basics has 10 items, and a prompt in every tab",
        "a model is set; it was not asked",
    ]
    assert findings() == []


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(
    ("change", "level", "finding", "step"),
    [
        ("update learning.clients set is_active = false", "warning", "no client may call", "add-client"),
        ("update learning.client_tokens set valid_to = now()", "problem", "app has no valid token", "rotate app"),
        ("delete from learning.track_roadmap_items", "warning", "track sql-basics has no roadmap", "import"),
        (
            "update learning.chat_templates set is_active = tab is not null and tab <> 'simulation'",
            "problem",
            "track sql-basics: the model is told nothing in simulation",
            "--track sql-basics --file",
        ),
        (
            "update learning.chat_templates set variables_json = variables_json - 'persona'",
            "problem",
            "template global, simulation uses persona, which nothing fills in",
            "--scope global --tab simulation --file FILE --variable",
        ),
        (
            f"{USED}, 10000, 9 from learning.clients",
            "warning",
            "app has used 10000 of 10000 tokens today: no call fits into the rest",
            "settings app --daily-tokens N",
        ),
        (
            "update learning.clients set daily_tokens = 1999",
            "warning",
            "no call fits into the 1999 tokens a day of app",
            "2000 at least",
        ),
        (
            f"{KEY}, now() - interval '4 days' from learning.clients",
            "warning",
            "1 idempotency keys are older than three days",
            "housekeeping",
        ),
    ],
)
def test_what_is_wrong_is_one_line_with_a_next_step(
    findings: Callable[..., list[Line]], connection: Connection, change: str, level: str, finding: str, step: str
) -> None:
    connection.execute(change.encode())

    ((how, what, then),) = findings()
    assert (how, what, step in then) == (level, finding, True)


@pytest.mark.usefixtures("school")
def test_a_budget_that_refuses_the_next_call_is_used_up_though_something_is_left(
    findings: Callable[..., list[Line]], connection: Connection
) -> None:
    reserve = sql.load(token_budget.__file__)["reserve"]
    (client,) = rows(
        connection, f"select id as client, 1900 as tokens, daily_tokens as budget, {NO_DEVICE} from learning.clients"
    )
    assert findings() == []
    while connection.execute(reserve, client).fetchall()[0]["day"]:
        pass

    assert [line[1] for line in findings()] == ["app has used 9500 of 10000 tokens today: no call fits into the rest"]


@pytest.mark.usefixtures("school")
def test_a_budget_of_nothing_is_meant_so(findings: Callable[..., list[Line]], connection: Connection) -> None:
    connection.execute("update learning.clients set daily_tokens = 0")

    assert findings() == []
    assert findings(fine=True)[0][1] == "app may call, but not for the model's replies (its budget is 0)"


@pytest.mark.usefixtures("school")
def test_without_a_model_the_agents_answer_503(findings: Callable[..., list[Line]]) -> None:
    ((level, finding, step),) = findings(LLM_API_URL="")

    assert (level, "503" in finding, "LLM_API_URL" in step) == ("warning", True, True)


@pytest.mark.usefixtures("school")
def test_yesterdays_tokens_and_fresh_keys_are_no_matter(
    findings: Callable[..., list[Line]], connection: Connection
) -> None:
    connection.execute(f"{USED} - 1, 10000, 9 from learning.clients".encode())
    connection.execute(f"{KEY}, now() - interval '2 days' from learning.clients".encode())

    assert findings() == []


def test_a_track_that_nobody_may_call_is_a_warning(carillon: Carillon, findings: Callable[..., list[Line]]) -> None:
    carillon("db", "seed")

    assert [(level, finding) for level, finding, _ in findings()] == [("warning", "no client may call")]


@pytest.mark.usefixtures("school")
def test_a_public_client_without_pages_that_may_call_is_named(
    findings: Callable[..., list[Line]], connection: Connection
) -> None:
    connection.execute("update learning.clients set is_public = true")  # with the budget that it has

    ((level, finding, step),) = findings()

    assert (level, "CORS_ORIGINS" in step) == ("warning", True)
    assert "no page may call" in finding
    assert findings(CORS_ORIGINS="https://app.example.com") == []


PAGES = {"CORS_ORIGINS": "https://app.example.com"}


@pytest.mark.usefixtures("school")
def test_a_public_client_without_a_budget_is_named(findings: Callable[..., list[Line]], connection: Connection) -> None:
    connection.execute("update learning.clients set is_public = true, daily_tokens = null")

    ((level, finding, step),) = findings(**PAGES)

    assert (level, finding) == ("warning", "app is public and has no budget: anybody can use up the model")
    assert "carillon learning settings app --daily-tokens N" in step


@pytest.mark.usefixtures("school")
def test_whoever_is_near_a_limit_is_shown(findings: Callable[..., list[Line]], connection: Connection) -> None:
    connection.execute("update learning.clients set is_public = true, daily_tokens = 5000000")
    use = """
        insert into learning.usage
        select id, whose::uuid, kind, date_trunc(case kind when 'tokens' then 'day' else 'hour' end, now(), 'UTC'), used
        from learning.clients
        cross join (values (gen_random_uuid()::text, 'messages', 590), (gen_random_uuid()::text, 'messages', 480),
                           (gen_random_uuid()::text, 'messages', 479), (gen_random_uuid()::text, 'tokens', 99000),
                           (%s, 'messages', 48000), (%s, 'synopses', 47999), (%s, 'tokens', 2000000))
                   u (whose, kind, used)
    """
    connection.execute(use, [str(WHOLE_CLIENT)] * 3)
    connection.execute(f"{USED}, 4000000, 9 from learning.clients".encode())

    assert [(level, finding) for level, finding, _ in findings(**PAGES)] == [
        ("warning", "app has used 4000000 of 5000000 tokens today"),
        ("warning", "app used up to 48000 of 60000 messages in this hour"),
        ("warning", "today's new devices of app used up to 2000000 of 2500000 tokens today"),
        ("warning", "2 devices of app used up to 590 of 600 messages in this hour"),
        ("warning", "1 device of app used up to 99000 of 100000 tokens today"),
    ]


@pytest.mark.usefixtures("school")
def test_devices_with_ids_that_can_be_guessed_are_counted(
    findings: Callable[..., list[Line]], connection: Connection
) -> None:
    connection.execute("update learning.clients set is_public = true")
    connection.execute("""
        insert into learning.users (client_id, device_id, weak_until)
        select id, 'ivan-ipad', '2099-01-31' from learning.clients
    """)
    ((_, finding, step),) = findings(**PAGES)
    connection.execute("update learning.users set weak_until = now() - interval '1 day'")
    ((_, late, _),) = findings(**PAGES)

    assert (finding, "formerDeviceId" in step) == (
        "1 device of app with ids that can be guessed may call until 2099-01-31", True
    )  # fmt: skip
    assert late == "1 device of app with ids that can be guessed may call no more"


@pytest.mark.usefixtures("school")
def test_the_model_is_asked_whether_it_is_there_and_takes_the_key(carillon: Carillon, printed: Path) -> None:
    def model_finding(url: str, key: str) -> tuple[str, str]:
        settings = {"LLM_API_URL": url, "LLM_MODEL": "sandbox", "LLM_API_KEY": key}
        lines = [
            line for line in carillon("doctor", "--json", **settings).json["findings"] if "model" in line["message"]
        ]
        [line] = [line for line in lines if line["area"] == "learning" and "is told" not in line["message"]]
        return line["status"], line["message"]

    with sandbox_process(printed) as sandbox:
        assert model_finding(f"{sandbox}/model/v1", "any") == ("ok", "there is a model, and it answers")
        assert model_finding(f"{sandbox}/model/v1", "") == ("problem", "the model does not take our key")
    level, finding = model_finding(f"{sandbox}/model/v1", "any")
    assert (level, finding.startswith("the model cannot be reached")) == ("problem", True)
