"""Field types of pydantic models. Apart from the rest: who needs no pydantic does not import it."""

from typing import Annotated

from pydantic import AfterValidator, Field

from shared.payload.postgres_text import replace_nul

Text = Annotated[str, Field(min_length=1), AfterValidator(replace_nul)]
