"""What is taught, as a front end reads it."""

from typing import Any
from uuid import UUID

import pytest

from tests.functions.learning_api.conftest import World, problem
from tests.helpers import learning


def track(world: World, slug: str, title: str) -> UUID:
    identity: UUID = learning.insert(
        world.connection, "learning.tracks", slug=slug, title=title, description="О море", goal="Плавать"
    )
    return identity


def step(world: World, of: UUID, position: int, title: str) -> dict[str, Any]:
    values = {"track_id": of, "position": position, "title": title, "description": f"{title} за час"}
    identity = learning.insert(world.connection, "learning.track_roadmap_items", **values)
    return {
        "id": str(identity),
        "position": position,
        "title": title,
        "description": values["description"],
    }


def test_tracks_come_by_title(world: World) -> None:
    world.connection.execute("delete from learning.track_sessions")
    world.connection.execute("delete from learning.tracks")
    for slug, title in (("b", "Яхты"), ("c", "Азбука"), ("a", "Узлы")):
        track(world, slug, title)
    answer = world.call("GET", "/tracks")

    assert answer.status_code == 200
    assert [track["slug"] for track in answer.json()["tracks"]] == ["c", "a", "b"]
    assert answer.json()["tracks"][0] == {"slug": "c", "title": "Азбука", "description": "О море", "goal": "Плавать"}


def test_a_track_says_how_long_its_roadmap_is_and_the_roadmap_comes_in_order(world: World) -> None:
    sea = track(world, "sea", "Море")
    track(world, "lake", "Озеро")
    last, first = step(world, sea, 7, "Шторм"), step(world, sea, 2, "Штиль")

    assert world.call("GET", "/tracks/sea").json() == {
        "slug": "sea", "title": "Море", "description": "О море", "goal": "Плавать", "roadmapItems": 2,
    }  # fmt: skip
    assert world.call("GET", "/tracks/sea/roadmap").json() == {"items": [first, last]}
    assert world.call("GET", "/tracks/lake/roadmap").json() == {"items": []}


@pytest.mark.parametrize("slug", ["nobodys", "%00", "ЖЖ", "SEA", "a" * 300, "%ED%A0%80", "'"])
@pytest.mark.parametrize("rest", ["", "/roadmap"])
def test_a_track_that_is_not_there_is_404(world: World, slug: str, rest: str) -> None:
    answer = world.call("GET", f"/tracks/{slug}{rest}")

    assert problem(answer)["detail"] == "There is no such track."
    assert answer.status_code == 404
