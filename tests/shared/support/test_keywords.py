"""Who asks for a person, in their own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.support.escalation import DEFAULT_KEYWORDS, check_keywords, find_keyword


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
