"""A deployed function: made of settings by its `create`, and of the environment on its platform."""

from collections.abc import Awaitable, Callable
from functools import cache

from shared import config, logs
from shared.config import Settings
from shared.errors import ConfigError
from shared.http.responses import Handler
from shared.telemetry import setup as telemetry
from shared.version import VERSION


class Function:
    """An HTTP handler, and how to close what it keeps open between requests."""

    def __init__(self, handler: Handler, *closes: Callable[[], Awaitable[None]]) -> None:
        """`closes` close what the handler keeps open. A process that ends need not call them."""
        self.handler = handler
        self._closes = closes

    async def close(self) -> None:
        """Close everything that the handler keeps open."""
        for close in self._closes:
            await close()


def entry_point(name: str, needs: tuple[str, ...], create: Callable[[Settings], Function]) -> Callable[[str], Handler]:
    """A `__getattr__` for a function's module: its attribute `name` is the handler, made of the environment.

    Platforms ask for the attribute when they start, and then a missing or malformed setting of `needs` ends the process
    with its name. Whoever imports the module for `create` needs no environment.
    """

    @cache
    def made() -> Handler:
        settings = config.settings((*needs, *telemetry.SETTINGS))
        logs.setup(settings.log_level)
        logs.function.set(name)
        logs.info("started", version=VERSION)
        try:
            telemetry.setup(settings)
            return create(settings).handler
        except ConfigError as error:
            raise SystemExit(f"carillon: {error}") from None

    def attribute(asked: str) -> Handler:
        if asked != name:
            raise AttributeError(asked)
        return made()

    return attribute
