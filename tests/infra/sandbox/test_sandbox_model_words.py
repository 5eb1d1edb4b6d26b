"""What the language model's stand-in says: word rules, the same every time."""

import json

import pytest

from infra.sandbox.llm.answering.wording import MORE, answer

SALON = """Ты администратор салона, отвечай коротко.
- Цены: стрижка 6000 ₸, окрашивание 15000 ₸
- Адрес: улица Абая, 10
Клиент может спросить о чём угодно."""


@pytest.mark.parametrize(
    ("words", "intent", "confidence"),
    [
        ("СКОЛЬКО стоит стрижка?", "price", 0.93),
        ("Хочу записаться", "booking", 0.9),
        ("Подскажите адрес", "question", 0.9),
        ("Позовите менеджера", "human_request", 0.97),
        ("У меня жалоба", "complaint", 0.9),
        ("Здравствуйте!", "greeting", 0.95),
        ("Ммм", "unknown", 0.3),
        ("Before:\ncustomer> Позовите менеджера\n\nNow:\ncustomer> Сколько стоит?", "price", 0.93),
    ],
)
@pytest.mark.parametrize(
    ("system", "json_object"),
    [("You are a classifier.", False), ("Ты Классификатор сообщений.", False), (SALON, True)],
)
def test_as_a_classifier_it_goes_by_words(
    words: str, intent: str, confidence: float, system: str, *, json_object: bool
) -> None:
    said = answer(system, words, json_object=json_object)

    assert json.loads(said) == {"intent": intent, "confidence": confidence}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Напомните адрес, пожалуйста", "С удовольствием подскажу. Адрес: улица Абая, 10"),
        ("Что по ценам на окрашивание?", "С удовольствием подскажу. Цены: стрижка 6000 ₸, окрашивание 15000 ₸"),
        (
            "Сколько стрижек на вашей улице и во сколько окрашивают?",
            "С удовольствием подскажу. Цены: стрижка 6000 ₸, окрашивание 15000 ₸",
        ),
        ("Клиент спросит коротко?", MORE),
        ("А?", MORE),
        ("", MORE),
    ],
)
def test_the_line_that_shares_most_words_answers_and_instructions_do_not(question: str, said: str) -> None:
    assert answer(SALON, question, json_object=False) == said


def test_without_facts_it_asks_back() -> None:
    assert answer("", "Напомните адрес", json_object=False) == MORE
