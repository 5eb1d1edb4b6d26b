"""What `carillon doctor` shows of a long report."""

from infra.admin.doctor.finding import Finding
from infra.cli.findings import summarize


def fine(area: str, subject: str) -> Finding:
    return Finding("ok", area, f"{subject} is fine", subject=subject)


def test_what_is_wrong_comes_first_and_a_short_report_is_whole() -> None:
    server, well = Finding("ok", "database", "Postgres answers"), fine("bots", "a")
    warning, problem = Finding("warning", "bots", "b is paused", subject="b"), Finding("problem", "outbox", "stuck")

    assert summarize([server, well, warning, problem]) == [problem, warning, server, well]


def test_many_that_are_well_are_one_line_of_their_area() -> None:
    bots = [fine("bots", f"bot {number}") for number in range(12)]
    ill = Finding("problem", "bots", "bot 12 is parked", "run: carillon bots check bot 12", "bot 12")
    of_all = Finding("ok", "bots", "somebody hears of their troubles")
    sources = [fine("sources", f"source {number}") for number in range(10)]

    assert [finding.message for finding in summarize([*bots, ill, of_all, *sources])] == [
        "bot 12 is parked",
        "12 of 13 are in order",
        "somebody hears of their troubles",
        *(finding.message for finding in sources),
    ]
    assert summarize(bots) == [Finding("ok", "bots", "all 12 are in order")]


def test_a_subject_of_which_one_line_is_wrong_does_not_count_as_in_order() -> None:
    desks = [fine("support", f"desk {number}") for number in range(11)]
    wrong = Finding("warning", "support", "desk 3: no active prompt", subject="desk 3")

    assert [finding.message for finding in summarize([*desks, wrong])][1:] == ["10 of 11 are in order"]


def test_of_what_is_wrong_in_the_same_way_the_first_stand_for_all() -> None:
    salons = [
        Finding("warning", "salon", f"Salon {name} is not connected", f"run: carillon salon connect {name}", name)
        for name in ("aurora", "orchid-7", *(f"salon-{number}" for number in range(30)))
    ]
    another = Finding("warning", "salon", "aurora: no session yet", "see that the salon's bot works", "aurora")

    shown = summarize([*salons, another])
    assert shown[:10] == salons[:10]
    assert [(finding.message, finding.next_step) for finding in shown[10:]] == [
        ("… and 22 more like that", "see each: carillon doctor --all"),
        ("aurora: no session yet", "see that the salon's bot works"),
    ]
