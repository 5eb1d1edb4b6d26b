"""What follows from an update of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.support.outgoing import Letter


@dataclass(frozen=True)
class Effect:
    """Letters to be sent as the transaction's last step, and what who pressed a button is told."""

    letters: Sequence[Letter] = ()
    toast: str = ""


NOTHING = Effect()
