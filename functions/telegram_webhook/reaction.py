"""What follows from an update of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.support.outgoing import LinkedMessage


@dataclass(frozen=True)
class Reaction:
    """Letters to be sent as the transaction's last step, and what who pressed a button is told."""

    linked_messages: Sequence[LinkedMessage] = ()
    toast: str = ""


NO_REACTION = Reaction()
