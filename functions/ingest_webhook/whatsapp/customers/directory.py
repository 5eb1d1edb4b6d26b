"""Whom addresses lead to, and how that changes from envelope to envelope. Pure.

An envelope that names addresses of two customers says that they are one person, unless each has a phone of their own:
two phones are two people, whoever is named beside them. Names say nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from functions.ingest_webhook.whatsapp.message import PHONE_SERVER
from shared.uuid7 import uuid7

Key = tuple[UUID, str]  # a desk's id and an address
NoteKind = Literal["changed", "taken", "joined", "ambiguous"]


@dataclass(frozen=True)
class Note:
    """What managers are told: of `customer` in their topic, and of `other`, where there is one, in theirs."""

    kind: NoteKind
    customer: UUID
    other: UUID | None = None
    address: str = ""


@dataclass(frozen=True)
class Standing:
    """What decides in which of two conversations a person goes on."""

    has_open_handover: bool
    has_topic: bool
    has_phone: bool
    age_seconds: float


@dataclass
class Directory:
    """The addresses that some envelopes name, and what has to be written."""

    owners: dict[Key, UUID]  # of each address, known or claimed; and all other addresses of these customers
    claims: dict[Key, UUID] = field(default_factory=dict)  # of addresses that nobody had
    new: set[UUID] = field(default_factory=set)  # customers who are not in the table yet
    moves: dict[UUID, UUID] = field(default_factory=dict)  # customers who turned out to be others
    reassigned: dict[Key, UUID] = field(default_factory=dict)
    released: dict[Key, UUID] = field(default_factory=dict)  # by whom
    notes: list[Note] = field(default_factory=list)

    def claim(self, keys: Sequence[Key]) -> None:
        """Let the addresses of an envelope that nobody has lead to the customer whom it names, or to a new one."""
        named = self._named(keys)
        customer = next((owner for owner in named if owner not in self.new), next(iter(named), None)) or self._add()
        for other in named:
            if other in self.new and self._may_be_one(customer, other):
                self._absorb(other, customer)
        self._claim(keys, customer)

    def claim_change(self, former: Sequence[Key], keys: Sequence[Key]) -> None:
        """The same for a change of addresses; that of a stranger is nobody's."""
        if known := self._named(former):
            for other in self._named(keys):
                if other in self.new:
                    self._absorb(other, known[0])
            self._claim(keys, known[0])

    def resolve(self, keys: Sequence[Key], standings: dict[UUID, Standing]) -> UUID:
        """The customer of an envelope, whose addresses were claimed before; joins those who are one.

        What was written from an address that was just given up is still of the one who gave it up.
        """
        named = self._named(keys) or [self.moved(self.released[keys[0]])]
        customer, has_phone = named[0], _is_phone(keys[0])
        for other in named[1:]:
            if self._may_be_one(customer, other):
                customer = self._join(customer, other, standings)
            elif has_phone:
                self._follow_phone(keys, customer, other)
        return customer

    def change(self, former: Sequence[Key], keys: Sequence[Key]) -> UUID | None:
        """Give the customer of `former` the addresses `keys` instead; None: it is nobody's, or nothing changes.

        Where these are another customer's already, both conversations stay, and what is written in either goes to them.
        """
        known = self._named(former)
        if not known:
            return None
        customer, leaving = known[0], [key for key in former if key not in keys and self.owners.get(key) == known[0]]
        others = [other for other in self._named(keys) if other != customer]
        if not leaving and not others and not any(key in self.claims for key in keys):
            return None
        address = next((key for key in keys if key not in former), keys[0])[1]
        for key in leaving:
            self.released[key] = self.owners.pop(key)
        if others:
            self.notes.append(Note("taken", customer, others[0], address))
            self._move(customer, others[0])
        else:
            self.notes.append(Note("changed", customer, address=address))
        return customer

    def moved(self, customer: UUID) -> UUID:
        """Whom a customer turned out to be: themselves, most often."""
        while customer in self.moves:
            customer = self.moves[customer]
        return customer

    def has_phone(self, customer: UUID) -> bool:
        """Whether some phone leads to a customer."""
        return any(owner == customer and _is_phone(key) for key, owner in self.owners.items())

    @property
    def changed(self) -> set[UUID]:
        """Customers whose addresses are not what they were, but for new ones."""
        touched = {*self.claims.values()} - self.new | {*self.moves.values(), *self.reassigned.values()}
        touched |= {customer for note in self.notes for customer in (note.customer, note.other) if customer}
        return {customer for customer in touched if customer not in self.moves}

    def _named(self, keys: Iterable[Key]) -> list[UUID]:
        return list(dict.fromkeys(self.owners[key] for key in keys if key in self.owners))

    def _add(self) -> UUID:
        customer = uuid7()
        self.new.add(customer)
        return customer

    def _claim(self, keys: Iterable[Key], customer: UUID) -> None:
        for key in keys:
            if key not in self.owners:
                self.owners[key] = self.claims[key] = customer

    def _absorb(self, other: UUID, customer: UUID) -> None:
        """Nobody has seen `other` yet."""
        if other == customer:
            return
        for key, owner in self.owners.items():
            if owner == other:
                self.owners[key] = self.claims[key] = customer
        self.new.discard(other)

    def _may_be_one(self, first: UUID, second: UUID) -> bool:
        return not (self.has_phone(first) and self.has_phone(second))

    def _join(self, first: UUID, second: UUID, standings: dict[UUID, Standing]) -> UUID:
        stays, leaves = sorted((first, second), key=lambda customer: _rank(standings[customer]), reverse=True)
        self.notes.append(Note("joined", leaves, stays))
        self._move(leaves, stays)
        return stays

    def _move(self, leaves: UUID, stays: UUID) -> None:
        self.moves[leaves] = stays
        for key, owner in self.owners.items():
            if owner == leaves:
                self.owners[key] = stays

    def _follow_phone(self, keys: Collection[Key], customer: UUID, other: UUID) -> None:
        """An id that comes with another's phone now is no longer this one's."""
        followed = [key for key in keys if self.owners.get(key) == other]
        if any(map(_is_phone, followed)):
            return
        for key in followed:
            self.owners[key] = self.reassigned[key] = customer
        self.notes.append(Note("ambiguous", other, customer))


def _is_phone(key: Key) -> bool:
    return key[1].endswith(f"@{PHONE_SERVER}")


def _rank(standing: Standing) -> tuple[bool, bool, bool, float]:
    return standing.has_open_handover, standing.has_topic, standing.has_phone, standing.age_seconds
