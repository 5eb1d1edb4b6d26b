"""One setting of an environment that is given: read, checked, and named when it is wrong."""

from collections.abc import Mapping
from pathlib import Path

from shared.errors import ConfigError

Environ = Mapping[str, str]


def required(environ: Environ, name: str, why: str) -> str:
    """A value that has to be there, because of `why`. Raises ConfigError."""
    value = clean(environ, name)
    if not value:
        raise ConfigError(f"{name} is not set: {why}")
    return value


def clean(environ: Environ, name: str) -> str:
    """A value without spaces; empty when it is not there. Raises ConfigError."""
    value = environ.get(name, "")
    if any(c.isspace() or not c.isprintable() for c in value):
        raise ConfigError(f"{name} has a space or a line break in it: set it again, without quotes")
    return value


def latin(environ: Environ, name: str) -> str:
    """The same in ASCII: no header could carry anything else. Raises ConfigError."""
    value = clean(environ, name)
    if not value.isascii():
        raise ConfigError(f"{name} has a letter in it that is not Latin: copy it again")
    return value


def seconds(environ: Environ, name: str, default: float) -> float:
    """A number of seconds, an hour at most. Raises ConfigError."""
    value = clean(environ, name) or str(default)
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number <= 3600:
        raise ConfigError(f"{name} is not a number of seconds: write one up to 3600, as {default:g}")
    return number


def choice(environ: Environ, name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of the `allowed` words. Raises ConfigError."""
    value = environ.get(name) or default
    if value not in allowed:
        raise ConfigError(f"{name} has a value that means nothing: write one of {', '.join(allowed)}")
    return value


def file(environ: Environ, name: str) -> str:
    """The path of a file that is there; empty when none is named. Raises ConfigError."""
    path = environ.get(name, "")
    if path and not Path(path).is_file():
        raise ConfigError(f"{name} leads to no file: give the path of one that is here, or leave it out")
    return path


def digit(environ: Environ, name: str, counted: str) -> int:
    """A count up to nine, by default none, of what is `counted`. Raises ConfigError."""
    value = clean(environ, name) or "0"
    if not (len(value) == 1 and value in "0123456789"):
        raise ConfigError(f"{name} is no small number: write how many {counted}, mostly 0 or 1")
    return int(value)
