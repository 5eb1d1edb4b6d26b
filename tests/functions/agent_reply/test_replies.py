"""Where replies land (docs/systems/learning.md, An agent's turn)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.functions.agent_reply.conftest import PATHS, WORDS, World, until
from tests.helpers import canaries, learning

AGENTS = {"chat": "mentor_chat", "practice": "practice_coach", "simulation": "simulation_mentor"}


@pytest.mark.parametrize("tab", PATHS)
def test_a_reply_lands_in_the_thread_of_its_agents_tab(world: World, tab: str) -> None:
    answer = world.ask(tab).json()

    [message] = world.stored(tab)
    assert (message["role"], message["content"]) == ("assistant", answer["message"])
    assert answer["side_effects"] == {"applied": True, "message_id": str(message["id"])}
    assert (answer["agentId"], answer["version"]) == (AGENTS[tab], "v1")
    assert [world.stored(other) for other in PATHS if other != tab] == [[], []]


def test_a_stored_reply_says_which_agent_said_it_by_which_templates_and_at_what_cost(world: World) -> None:
    template = learning.template(world.connection, "Отвечай как наставник.", version=7)

    answer = world.ask().json()

    assert world.stored()[0]["meta_json"] == {
        "agentId": "mentor_chat",
        "version": "v1",
        "templates": [{"id": str(template), "version": 7}],
        "usage": answer["usage"],
    }
    assert answer["usage"]["total_tokens"] > 0


def test_without_a_session_it_answers_and_stores_nothing(world: World) -> None:
    response = world.ask(session_id=...)

    assert response.status_code == 200
    assert response.json()["message"]
    assert response.json()["side_effects"] == {"applied": False, "reason": "no_session"}
    assert world.stored() == []


def test_without_the_thread_it_answers_and_stores_nothing(world: World) -> None:
    world.connection.execute("delete from learning.chat_threads where id = %s", (world.learner.threads["chat"],))

    response = world.ask()

    assert response.status_code == 200
    assert response.json()["side_effects"] == {"applied": False, "reason": "no_thread"}
    assert [world.stored(tab) for tab in PATHS] == [[], [], []]


@pytest.mark.parametrize("asked", [False, ...], ids=["said", "left out"])
def test_what_was_not_asked_for_is_not_stored(world: World, asked: object) -> None:
    response = world.ask(apply_side_effects=asked, store_user_message=True)

    assert response.status_code == 200
    assert response.json()["side_effects"] == {"applied": False, "reason": "not_requested"}
    assert world.stored() == []


def test_the_users_message_is_stored_before_the_reply(world: World) -> None:
    answer = world.ask(store_user_message=True).json()

    user, assistant = world.stored()
    assert (user["seq"], user["role"], user["content"]) == (1, "user", WORDS)
    assert (assistant["seq"], assistant["role"]) == (2, "assistant")
    assert answer["side_effects"] == {
        "applied": True,
        "message_id": str(assistant["id"]),
        "user_message_id": str(user["id"]),
    }


def test_what_an_upstream_agent_said_is_stored_as_it_is_and_no_model_is_asked(world: World) -> None:
    said = f"  {canaries.REPLY_WORDS}\n**важно**  "

    answer = world.ask("practice", reply=said, store_user_message=True).json()

    user, assistant = world.stored("practice")
    assert (user["content"], assistant["content"]) == (WORDS, said)
    assert assistant["meta_json"] == {"agentId": "practice_coach", "version": "v1", "source": "upstream"}
    assert answer["message"] == said
    assert "usage" not in answer
    assert world.asked() == []


def test_what_postgres_cannot_hold_of_an_upstream_reply_is_marked(world: World) -> None:
    answer = world.ask(reply="до\x00после").json()

    assert world.stored()[0]["content"] == "до\N{REPLACEMENT CHARACTER}после" == answer["message"]


def test_many_turns_at_once_in_a_thread_are_all_stored_in_one_order_and_stay_pairs(world: World) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: world.ask(user_message=f"Вопрос {n}", store_user_message=True), range(20)))

    assert {answer.status_code for answer in answers} == {200}
    stored = world.stored()
    assert [message["seq"] for message in stored] == list(range(1, 41))
    assert [message["role"] for message in stored] == ["user", "assistant"] * 20
    pairs = {str(user["id"]): str(reply["id"]) for user, reply in zip(stored[::2], stored[1::2], strict=True)}
    effects = [answer.json()["side_effects"] for answer in answers]
    assert {effect["user_message_id"]: effect["message_id"] for effect in effects} == pairs


def test_a_thread_that_is_deleted_while_the_model_thinks_is_no_error(world: World) -> None:
    world.slow(0.6)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(world.ask)
        until(world.asked)
        world.connection.execute("delete from learning.chat_threads where id = %s", (world.learner.threads["chat"],))
        response = asked.result()

    assert response.status_code == 200
    assert response.json()["side_effects"] == {"applied": False, "reason": "no_thread"}


def test_a_session_that_is_deleted_while_the_model_thinks_is_no_error(world: World) -> None:
    world.slow(0.6)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(world.ask)
        until(world.asked)
        world.connection.execute("delete from learning.track_sessions where id = %s", (world.learner.session,))
        response = asked.result()

    assert response.status_code == 200
    assert not response.json()["side_effects"]["applied"]
    assert [world.stored(tab) for tab in PATHS] == [[], [], []]


def test_a_reply_waits_for_whoever_deletes_the_thread_and_is_then_not_stored(world: World) -> None:
    with ThreadPoolExecutor(1) as pool:
        with world.connection.transaction():
            world.connection.execute(
                "delete from learning.chat_threads where id = %s", (world.learner.threads["chat"],)
            )
            asked = pool.submit(world.ask)
            until(world.waiting)
        response = asked.result()

    assert response.json()["side_effects"] == {"applied": False, "reason": "no_thread"}
