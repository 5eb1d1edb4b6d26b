"""Examples of all screens: what `make previews` draws, and what the tests of their views try."""

from infra.previews.examples import broadcast, entry, participant, staff, teaching
from infra.previews.examples.example import Example, Names


def examples(names: Names) -> list[Example]:
    """All of them, in the order of the folders."""
    return [example for group in (entry, participant, staff, teaching, broadcast) for example in group.examples(names)]
