"""Texts that come in: one rule for what Postgres cannot hold."""

from typing import Annotated

from pydantic import AfterValidator, Field

from shared.payload.storable import without_nul

REPLACED = "\N{REPLACEMENT CHARACTER}"


def replace_nul(text: str) -> str:
    """`text` with a mark for each NUL, so that nothing becomes empty and nobody wonders where it went."""
    return without_nul(text, REPLACED)


Text = Annotated[str, Field(min_length=1), AfterValidator(replace_nul)]
