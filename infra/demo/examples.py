"""The example businesses, one of each system."""

from collections.abc import Sequence
from typing import Protocol

from infra.admin.database import Connection
from infra.demo.courses import example as courses
from infra.demo.getcourse import example as getcourse
from infra.demo.learning import example as learning
from infra.demo.salon import example as salon
from infra.demo.support import example as support
from infra.local.keys import Keys
from infra.sandbox.server import SandboxServer


class Example(Protocol):
    """The functions of every infra/demo/<system>/example.py."""

    def seed(self, connection: Connection, keys: Keys) -> None:
        """Put the example into the database. Twice is as good as once."""

    def connect(self, sandbox: SandboxServer, keys: Keys, functions_url: str) -> None:
        """Set the stand-ins up for the example, with webhooks that call the functions."""


EXAMPLES: Sequence[Example] = (getcourse, support, salon, learning, courses)
