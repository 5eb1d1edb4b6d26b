"""Who asks for a person, and whether one is called."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.support.bot import HandoverStatus
from shared.support.triggers import (
    DEFAULT_KEYWORDS,
    Classified,
    Decision,
    Desk,
    Heard,
    Last,
    check_keywords,
    decide_escalation,
    find_keyword,
)

NOW = datetime(2026, 6, 5, 7, 0, tzinfo=UTC)
USUAL = Desk()
WITHOUT_MODEL = Desk(has_model=False)
SURE, UNSURE = Classified("price", 0.6), Classified("price", 0.59)


def ended(minutes: float, status: HandoverStatus = "resolved") -> Last:
    return Last(status, NOW - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "text",
    [
        "оператор",
        "ОПЕРАТОРА!!!",
        "Соедините, пожалуйста, с оператором",
        "можно менеджера?",
        "Здравствуйте! Менеджеру передайте, что я опоздаю",
        "администратор на месте?",
        "человек",
        "Человека!",
        "Позовите человека",
        "позовите кого-нибудь",
        "хочу поговорить с живым человеком",
        "соедините меня с человеком",
        "Переключите на человека",
        "мне нужен живой человек",
        "Мне нужен человек, а не бот",
        "есть тут кто-нибудь живой?",
        "кто живой есть?",
        "живой",
        "жалоба",
        "У меня жалоба на мастера",
        "хочу пожаловаться",
        "у меня претензия",
        "верните деньги",
        "Верните мне мои деньги!",
        "Верните, пожалуйста, деньги за курс",
        "хочу вернуть деньги",
        "деньги верните",
        "требую возврат денег",
        "возврата средств жду неделю",
        "я подам на вас в суд",
        "вы мошенники",
        "адам керек",
        "Адаммен сөйлескім келеді",
        "операторды шақырыңыз",
        "шағымым бар",
        "Ақшамды қайтарыңыз",
        "акшамды кайтарыныз",
        "I want to speak to a real person",
        "Operator please",
        "human",
        "money back",
    ],
)
def test_who_asks_for_a_person_is_heard(text: str) -> None:
    assert find_keyword(text) in DEFAULT_KEYWORDS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙂",
        "человеколюбие",
        "человечество",
        "столик на 4 человека",
        "Сколько стоит номер на двух человек?",
        "с человека сколько берёте?",
        "приду с молодым человеком",
        "живая музыка бывает?",
        "у вас живые цветы?",
        "где вы живёте",
        "пожалуйста, подскажите адрес",
        "Сколько денег стоит курс?",
        "верните звонок",
        "я вернусь с деньгами",
        "менеджмент это про что?",
        "операторская работа",
        "кооператор",
        "какие условия возврата билета?",
        "humanity",
        "сколько идёт заказ",
        "ақша аудардым",
    ],
)
def test_words_that_only_look_alike_call_nobody(text: str) -> None:
    assert find_keyword(text) is None


def test_yo_case_and_kazakh_letters_are_one_spelling_in_keywords_too() -> None:
    assert find_keyword("Свяжите с бухгалтером Алёной", ["алён*"]) == "алён*"
    assert find_keyword("АЛЕНУ можно?", ["Алён*"]) == "Алён*"
    assert find_keyword("кайтару керек", ["қайтару"]) == "қайтару"


def test_letters_made_of_two_characters_are_letters() -> None:
    """Some phones send й and ё as a letter and its mark."""
    assert find_keyword("есть кто живои\u0306") == "кто живой"
    assert find_keyword("позовите Але\u0308ну", ["алён*"]) == "алён*"


def test_a_client_has_its_own_words_instead_of_the_usual_ones() -> None:
    assert find_keyword("где мой курьер", ["курьер*"]) == "курьер*"
    assert find_keyword("оператор", ["курьер*"]) is None
    assert find_keyword("оператор", []) is None


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("кто-нибудь", "есть кто-нибудь?", True),
        ("кто-нибудь", "кто нибудь", True),
        ("верните деньг*", "верните мне мои деньги", True),
        ("верните деньг*", "верните мне все мои деньги", False),
        ("курьер*", "курьерами", True),
        ("курьер*", "курьерская", False),
        ("курьер", "курьера", False),
        ("=курьер", "Курьер?!", True),
        ("=курьер", "где курьер", False),
        ("=", "=", False),
        ("...", "...", False),
        ("c++ (курс)", "c курс", True),
    ],
)
def test_a_keyword_means_what_it_says(keyword: str, text: str, found: object) -> None:
    assert (find_keyword(text, [keyword]) == keyword) is found


@given(st.text(), st.text())
def test_no_keyword_and_no_message_breaks_the_search(keyword: str, text: str) -> None:
    assert find_keyword(text, [keyword]) in (keyword, None)


@given(st.sampled_from(["позовите менеджера", "нужен оператор", "верните деньги"]), st.text(), st.text())
def test_what_stands_around_it_hides_no_keyword(asks: str, before: str, behind: str) -> None:
    assert find_keyword(f"{before} {asks.upper()} {behind}")


def test_the_usual_keywords_pass_their_own_check() -> None:
    check_keywords(DEFAULT_KEYWORDS)


@pytest.mark.parametrize(("keyword", "says"), [("", "no letters"), ("*", "no letters"), ("на*", "three letters")])
def test_a_keyword_that_would_match_nothing_or_everything_is_refused(keyword: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_keywords(["оператор*", keyword])


@pytest.mark.parametrize(
    ("heard", "desk", "decision"),
    [
        (Heard(classified=SURE), USUAL, Decision("answer")),
        (Heard(classified=UNSURE), USUAL, Decision("open", "intent")),
        (Heard(classified=UNSURE), replace(USUAL, confidence_threshold=0.5), Decision("answer")),
        (Heard(classified=Classified("price", float("nan"))), USUAL, Decision("open", "intent")),
        (Heard(classified=Classified("complaint", 0.99)), USUAL, Decision("open", "intent")),
        (
            Heard(classified=Classified("complaint", 0.99)),
            replace(USUAL, escalation_intents=frozenset()),
            Decision("answer"),
        ),
        (Heard(), USUAL, Decision("open", "timeout")),  # the model did not say
        (Heard(), WITHOUT_MODEL, Decision("open", "intent")),
        (Heard(classified=SURE), WITHOUT_MODEL, Decision("open", "intent")),  # no answer is ever invented
        (Heard("keyword"), WITHOUT_MODEL, Decision("open", "keyword")),
        (Heard("keyword", SURE), USUAL, Decision("open", "keyword")),
        (Heard("manual"), USUAL, Decision("open", "manual")),
        (
            Heard("keyword", may_answer=False),
            USUAL,
            Decision("open", "keyword"),
        ),  # a mute is the bot's, not the client's
        (Heard(classified=UNSURE, may_answer=False), USUAL, Decision("nothing")),
        (Heard(may_answer=False), WITHOUT_MODEL, Decision("nothing")),
    ],
)
def test_a_message_is_answered_or_calls_a_person(heard: Heard, desk: Desk, decision: Decision) -> None:
    assert decide_escalation(heard, desk, None, NOW) == decision


@pytest.mark.parametrize(
    ("heard", "last", "decision"),
    [
        (Heard("keyword"), Last("pending"), Decision("join", "keyword")),
        (Heard("keyword"), Last("active"), Decision("join", "keyword")),
        (Heard("manual"), Last("active"), Decision("join", "manual")),
        (Heard(classified=UNSURE), Last("pending"), Decision("join", "intent")),
        (Heard(classified=SURE), Last("pending"), Decision("answer")),  # it may still help
        (Heard(classified=SURE), Last("active"), Decision("nothing")),  # a person is talking
        (Heard(classified=UNSURE), Last("active"), Decision("nothing")),
        (Heard("keyword"), ended(29), Decision("join", "keyword")),
        (Heard("keyword"), ended(29, "timeout"), Decision("join", "keyword")),
        (Heard("keyword"), ended(29, "bot_handling"), Decision("join", "keyword")),
        (Heard(classified=UNSURE), ended(29), Decision("join", "intent")),
        (Heard(classified=SURE), ended(1), Decision("answer")),
        (Heard("keyword"), ended(30), Decision("open", "keyword")),
        (Heard("keyword"), ended(-1), Decision("join", "keyword")),
    ],
)
def test_a_trigger_joins_what_is_open_or_ended_lately(heard: Heard, last: Last, decision: Decision) -> None:
    assert decide_escalation(heard, USUAL, last, NOW) == decision


def test_without_a_cooldown_the_next_trigger_calls_again() -> None:
    desk = replace(USUAL, escalation_cooldown_minutes=0)

    assert decide_escalation(Heard("keyword"), desk, ended(0), NOW) == Decision("open", "keyword")


HEARD = st.builds(
    Heard,
    st.sampled_from([None, "keyword", "manual", "timeout"]),
    st.none() | st.builds(Classified, st.sampled_from(["price", "complaint"]), st.floats(0, 1)),
    st.booleans(),
)
STATUS = st.sampled_from(["pending", "active", "resolved", "bot_handling", "timeout"])


@given(HEARD, st.booleans(), st.none() | STATUS, st.integers(0, 60))
def test_nobody_is_called_twice_or_answered_out_of_turn(
    heard: Heard, has_model: object, status: HandoverStatus | None, minutes: int
) -> None:
    last = ended(minutes, status) if status else None
    decision = decide_escalation(heard, replace(USUAL, has_model=bool(has_model)), last, NOW)

    if decision.action == "open":
        assert status not in ("pending", "active")
        assert last is None or minutes >= 30
    if decision.action == "answer":
        assert has_model
        assert heard.may_answer
        assert heard.asked is None
        assert status != "active"
    assert (decision.trigger_type is not None) == (decision.action in ("open", "join"))
    if heard.asked:
        assert decision.trigger_type == heard.asked
