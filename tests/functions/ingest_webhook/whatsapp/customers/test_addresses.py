"""One person has several addresses; each envelope names some of them."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.ingest_webhook.whatsapp.customers.office import Office, message, person

FAST = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
subsets = st.lists(st.tuples(st.sets(st.integers(0, 2), min_size=1), st.booleans()), min_size=1, max_size=6)


@FAST
@given(envelopes=subsets, calls=st.sampled_from(["one", "several"]))
def test_envelopes_with_any_of_a_persons_addresses_end_in_one_conversation(
    office: Office, envelopes: list[tuple[set[int], bool]], calls: str
) -> None:
    """Once some envelope has named the addresses together; until then nobody can know."""
    whoever = person()
    named = [message(*(whoever.addresses[place] for place in places), from_me=own) for places, own in envelopes]
    together = message(*whoever.addresses)

    if calls == "one":
        office.write(*named, together)
    else:
        for record in (*named, together):
            office.write(record)
    after = [message(address, from_me=own) for address in whoever.addresses for own in (False, True)]
    office.write(*after)

    [customer] = office.customers(whoever)
    assert office.addresses(customer["id"]) == set(whoever.addresses)
    assert len({office.conversation_of(record) for record in (together, *after)}) == 1
    assert (customer["remote_jid"], customer["phone"]) == (whoever.phone, whoever.phone.partition("@")[0])


@FAST
@given(envelopes=subsets)
def test_envelopes_that_each_name_a_known_address_never_begin_a_second_conversation(
    office: Office, envelopes: list[tuple[set[int], bool]]
) -> None:
    whoever, known = person(), {0}
    records = [message(whoever.phone)]
    for places, own in envelopes:
        records.append(message(*(whoever.addresses[place] for place in places | {min(known)}), from_me=own))
        known |= places
    for record in records:
        office.write(record)

    assert len({office.conversation_of(record) for record in records}) == 1
    assert [customer["moved_to"] for customer in office.customers(whoever)] == [None]


@FAST
@given(order=st.permutations(range(6)), data=st.data())
def test_two_people_with_two_phones_stay_two(office: Office, order: list[int], data: st.DataObject) -> None:
    people = (person(), person())
    records = []
    for number in order:
        whoever = people[number % 2]
        others = data.draw(st.sets(st.sampled_from([whoever.scoped, whoever.hidden])))
        records.append((number % 2, message(whoever.phone, *others)))
    for _, record in records:
        office.write(record)

    found = [{office.conversation_of(record) for whose, record in records if whose == which} for which in (0, 1)]
    assert [len(conversations) for conversations in found] == [1, 1]
    assert found[0] != found[1]


def test_two_phones_in_one_envelope_never_join_two_people(office: Office) -> None:
    first, second = person(), person()
    office.write(message(first.phone), message(second.phone, second.scoped))

    office.write(message(first.phone, second.phone, second.scoped))
    own = message(second.scoped)
    office.write(own)

    assert [customer["moved_to"] for customer in office.customers(first, second)] == [None, None]
    [known] = office.customers(second)
    assert office.addresses(known["id"]) == {second.phone, second.scoped}


def test_an_id_that_comes_with_another_phone_follows_the_phone_and_joins_nobody(office: Office) -> None:
    first, second = person(), person()
    begun = [message(first.phone, first.hidden), message(second.phone)]
    for record in begun:
        office.write(record)
        office.open_handover(office.conversation_of(record))

    office.write(message(second.phone, first.hidden))
    later = message(first.hidden)
    office.write(later)

    assert office.conversation_of(later) == office.conversation_of(begun[1])
    assert [customer["moved_to"] for customer in office.customers(first, second)] == [None, None]
    for record in begun:
        [notice] = office.notices(office.conversation_of(record))
        assert "номера у них разные" in notice


def test_a_brazilian_phone_has_two_spellings_that_both_lead_to_the_person(office: Office) -> None:
    whoever, long = person(), person().phone
    first, second = message(whoever.phone, long), message(long)
    office.write(first)
    office.write(second)

    assert office.conversation_of(first) == office.conversation_of(second)
    assert office.locked(office.conversation_of(first)).recipient == whoever.phone


def test_a_person_without_a_phone_is_written_to_by_the_best_that_is_known(office: Office) -> None:
    whoever = person()
    for address in (whoever.hidden, whoever.scoped, whoever.phone):
        record = message(address, whoever.hidden)
        office.write(record)

        found = office.locked(office.conversation_of(record))
        assert (found.recipient, found.phone) == (address, address.partition("@")[0] if "whatsapp" in address else None)


def test_writers_that_know_different_addresses_of_a_new_person_make_one(office: Office) -> None:
    """At once, in different orders; none of them fails, and none waits for another for ever."""
    whoever = person()
    records = [message(*pair) for pair in pairwise((*whoever.addresses, *whoever.addresses))] + [
        message(*whoever.addresses),
        message(*reversed(whoever.addresses)),
    ]

    office.write_at_once(records)

    [customer] = office.customers(whoever)
    assert office.addresses(customer["id"]) == set(whoever.addresses)
    assert len({office.conversation_of(record) for record in records}) == 1


def test_halves_are_joined_by_several_writers_at_once(office: Office) -> None:
    """Others write to either half meanwhile; nobody deadlocks, and whatever comes later is in one conversation."""
    people = [person() for _ in range(3)]
    for whoever in people:
        for address in whoever.addresses:
            office.write(message(address))
    named = [
        names
        for whoever in people
        for names in (
            whoever.addresses,
            (whoever.hidden, whoever.phone),
            (whoever.scoped, whoever.hidden),
            (whoever.phone,),
            (whoever.hidden,),
        )
    ]
    records = [message(*names) for names in named] + [message(*whoever.addresses) for whoever in reversed(people)]

    office.write_at_once(records)

    for whoever in people:
        later = [message(address) for address in whoever.addresses]
        office.write(*later)
        [customer] = office.customers(whoever)
        assert office.addresses(customer["id"]) == set(whoever.addresses)
        assert len({office.conversation_of(record) for record in later}) == 1
        assert customer["moved_to"] is None
