"""Texts that come in: one rule for what Postgres cannot hold."""

from typing import Annotated

from pydantic import AfterValidator, Field

from shared.payload.storable import storable

REPLACED = "\N{REPLACEMENT CHARACTER}"


def kept(text: str) -> str:
    """`text` with a mark for each NUL, so that nothing becomes empty and nobody wonders where it went."""
    return storable(text, REPLACED)


Text = Annotated[str, Field(min_length=1), AfterValidator(kept)]
