"""Webhook sources without the command line."""

from dataclasses import replace

import pytest

from infra.admin import sources
from infra.admin.sources import Address, NewSource, free_slot

SCHOOL = NewSource("getcourse", "school")
OWN = "a-secret-of-at-least-24-characters"


def test_the_slot_for_a_new_secret_is_the_empty_one_else_the_first() -> None:
    assert free_slot([{"slot": None}]) == 1
    assert free_slot([{"slot": 1}]) == 2
    assert free_slot([{"slot": 2}, {"slot": 1}]) == 2


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (replace(SCHOOL, name="Школа"), "name"),
        (replace(SCHOOL, field_map={"answer": "otvet"}), "--map"),
        (replace(SCHOOL, link="ftp://school.example.com"), "--link"),
        (replace(SCHOOL, gateway="chatflow"), "--gateway"),
        (replace(SCHOOL, provider="whatsapp"), "--gateway"),
        (replace(SCHOOL, provider="yclients"), "--tenant"),
        (replace(SCHOOL, tenant="aurora"), "--tenant"),
        (replace(SCHOOL, field_map={"otvet": "answer_text"}), "--map answer_text=otvet"),
        (replace(SCHOOL, provider="whatsapp", gateway="evolution", collapse=0), "--collapse"),
    ],
)
def test_a_source_that_cannot_be_right_is_refused_with_a_name(source: NewSource, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        sources.check(source)


def test_a_weak_secret_is_refused_and_none_is_replaced_by_a_new_one() -> None:
    with pytest.raises(ValueError, match="24 characters"):
        sources.secret_or_new("short")
    assert sources.secret_or_new(OWN) == OWN
    assert sources.secret_or_new() != sources.secret_or_new()


def test_an_address_holds_the_secret_only_when_we_made_it() -> None:
    assert OWN in Address("getcourse", None, "school", OWN, generated=True).path
    assert OWN not in Address("getcourse", None, "school", OWN, generated=False).path
    assert OWN not in Address("whatsapp", "whatsapp_cloud", "desk", OWN, generated=True).path
    assert OWN not in repr(Address("getcourse", None, "school", OWN, generated=True))
